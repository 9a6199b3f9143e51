<?php

namespace Since81;

enum Suit
{
    case Hearts;
    case Spades;
}

class Point
{
    public $note = 'start';

    public function __construct(public readonly int $x, public readonly array $list)
    {
    }
}

class Objects
{
    private static ?Point $readonly;
    private static Point $replaced;
    private static Suit $enum = Suit::Hearts;
    private static $copiedEnum = Suit::Hearts;
    private static ?\Closure $callable = null;
    private static \Countable&\Traversable $both;

    public static function boot()
    {
        self::$readonly = new Point(1, ['start']);
        self::$replaced = new Point(2, ['start']);
        self::$both = new \ArrayObject(['start']);
    }

    public static function dirty($n)
    {
        self::$readonly->note = $n;
        self::$replaced = new Point($n + 2, [$n]);
        self::$enum = Suit::Spades;
        self::$copiedEnum = Suit::Spades;
        self::$callable = strlen(...);
        self::$both = new \ArrayObject([$n]);
    }

    public static function told()
    {
        return [
            'Since81\Objects::$readonly' => self::$readonly,
            'Since81\Objects::$replaced' => self::$replaced,
            'Since81\Objects::$enum' => self::$enum->name,
            'Since81\Objects::$copiedEnum' => self::$copiedEnum->name,
            'Since81\Objects::$callable' => self::$callable !== null,
            'Since81\Objects::$both' => iterator_to_array(self::$both),
        ];
    }
}

Objects::boot();

return [[Objects::class, 'told'], [Objects::class, 'dirty']];
