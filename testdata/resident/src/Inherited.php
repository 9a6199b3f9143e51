<?php

namespace Leaks;

abstract class Base
{
    protected static $shared = 'start';
    protected static $byParent = 'start';
    protected static $late = 'base';
    private static $hidden = 'start';

    public static function hidden($user)
    {
        $found = self::$hidden;
        self::$hidden = $user;
        return $found;
    }

    public static function late($user)
    {
        $found = static::$late;
        static::$late = $user;
        return $found;
    }
}

class Child extends Base
{
    protected static $late = 'child';
    private static $hidden = 'own';

    public static function shared($user)
    {
        $found = self::$shared;
        self::$shared = $user;
        return $found;
    }

    public static function byParent($user)
    {
        $found = parent::$byParent;
        parent::$byParent = $user;
        return $found;
    }

    public static function own($user)
    {
        $found = self::$hidden;
        self::$hidden = $user;
        return $found;
    }
}

trait Remembers
{
    private static $remembered = 'start';

    public static function remember($user)
    {
        $found = self::$remembered;
        self::$remembered = $user;
        return $found;
    }
}

class First
{
    use Remembers;
}

class Second
{
    use Remembers;
}

class Names
{
    public static $byClass = 'start';
    private static $byName = 'start';

    public static function byClass($user)
    {
        $class = self::class;
        $found = $class::$byClass;
        $class::$byClass = $user;
        return $found;
    }

    public static function byName($user)
    {
        $name = 'byName';
        $found = self::$$name;
        self::$$name = $user;
        return $found;
    }

    public static function ofAnother($user)
    {
        $found = Plain::$replaced;
        Plain::$replaced = $user;
        return $found;
    }
}
