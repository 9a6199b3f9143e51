<?php

namespace Since82;

readonly class Point
{
    public function __construct(public int $x, public \ArrayObject $inside)
    {
    }

    public function __clone()
    {
        $this->inside->append('cloned');
        $this->inside->exchangeArray(['start']);
    }
}

class Objects
{
    private static ?Point $readonly = null;
    private static null|false $nothing;
    private static (\Countable&\Traversable)|null $both;

    public static function boot()
    {
        self::$readonly = new Point(1, new \ArrayObject(['start']));
    }

    public static function dirty($n)
    {
        self::$readonly = new Point(1, new \ArrayObject([$n]));
        self::$nothing = false;
        self::$both = new \ArrayObject([$n]);
    }

    public static function told()
    {
        return [
            'Since82\Objects::$readonly' => self::$readonly->inside->getArrayCopy(),
            'Since82\Objects::$nothing' => self::$nothing ?? 'none',
            'Since82\Objects::$both' => isset(self::$both),
        ];
    }
}

Objects::boot();

return [[Objects::class, 'told'], [Objects::class, 'dirty']];
