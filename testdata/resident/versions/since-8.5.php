<?php

namespace Since85;

class Asymmetric
{
    public private(set) static array $own = ['start'];
    public protected(set) static int $below = 0;

    public static function dirty($n)
    {
        self::$own[] = $n;
        self::$below += $n;
    }

    public static function told()
    {
        return [
            'Since85\Asymmetric::$own' => self::$own,
            'Since85\Asymmetric::$below' => self::$below,
        ];
    }
}

return [[Asymmetric::class, 'told'], [Asymmetric::class, 'dirty']];
