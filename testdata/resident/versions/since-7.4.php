<?php

namespace Since74;

class Typed
{
    public static int $number = 10;
    protected static array $list = ['start'];
    private static ?string $text;
    private static ?\Countable $object = null;
    private static int $empty;
    private static array $emptyList;

    public static function dirty($n)
    {
        self::$number = $n;
        self::$list[] = $n;
        self::$text = "$n";
        self::$object = new \ArrayObject();
        self::$empty = $n;
        self::$emptyList[] = $n;
    }

    public static function told()
    {
        return [
            'Since74\Typed::$number' => self::$number,
            'Since74\Typed::$list' => self::$list,
            'Since74\Typed::$text' => self::$text ?? 'none',
            'Since74\Typed::$object' => self::$object === null,
            'Since74\Typed::$empty' => self::$empty ?? 'none',
            'Since74\Typed::$emptyList' => self::$emptyList ?? 'none',
        ];
    }
}

/** A private one with a type, and one of the parent with the same name. */
final class Child extends Typed
{
    private static ?string $text = 'child';
    private static iterable $booted;

    public static function boot()
    {
        self::$booted = ['start'];
    }

    public static function dirty($n)
    {
        self::$text = "$n";
        self::$booted = [$n];
        parent::$list = [];
    }

    public static function told()
    {
        return [
            'Since74\Child::$text' => self::$text,
            'Since74\Child::$booted' => self::$booted,
        ];
    }
}

trait Holds
{
    private static ?\Countable $held;

    public static function hold(\Countable $held)
    {
        self::$held = $held;
    }

    public static function held()
    {
        return isset(self::$held);
    }
}

class User
{
    use Holds;
}

Child::boot();

return [
    function () {
        return Typed::told() + Child::told() + ['Since74\User::$held' => User::held()];
    },
    function ($n) {
        Typed::dirty($n);
        Child::dirty($n);
        User::hold(new \ArrayObject());
    },
];
