<?php

namespace Since80;

class Typed
{
    private static int|string|null $union;
    private static mixed $anything;
    private static int|string $strict;
    private static int|false $started = false;

    public static function dirty($n)
    {
        self::$union = $n;
        self::$anything = $n;
        self::$strict = $n;
        self::$started = $n;
    }

    public static function told()
    {
        return [
            'Since80\Typed::$union' => self::$union ?? 'none',
            'Since80\Typed::$anything' => self::$anything ?? 'none',
            'Since80\Typed::$strict' => self::$strict ?? 'none',
            'Since80\Typed::$started' => self::$started,
        ];
    }
}

return [[Typed::class, 'told'], [Typed::class, 'dirty']];
