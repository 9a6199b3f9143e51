<?php

namespace Leaks;

// Each method returns what it finds, and then writes what belongs to the request.

class Plain
{
    public static $replaced = 'start';
    private static $appended = [];
    private static $keyed = [];
    private static $counted = 0;
    private static $text = '';
    private static $filled;
    private static $listed = 'start';
    private static $element = ['user' => 'start'];
    private static $nested = ['a' => ['b' => []]];
    private static $removed = ['here' => true];
    private static $looped = 'start';
    private static $caught;

    public static function replaced($user)
    {
        $found = self::$replaced;
        self::$replaced = $user;
        return $found;
    }

    public static function appended($user)
    {
        $found = count(self::$appended);
        self::$appended[] = $user;
        return $found;
    }

    public static function keyed($user)
    {
        $found = count(self::$keyed);
        self::$keyed[$user] = true;
        return $found;
    }

    public static function counted($user)
    {
        return self::$counted++;
    }

    public static function text($user)
    {
        $found = strlen(self::$text);
        self::$text .= $user;
        return $found;
    }

    public static function filled($user)
    {
        $found = self::$filled === null ? 'empty' : 'filled';
        self::$filled ??= $user;
        return $found;
    }

    public static function listed($user)
    {
        $found = self::$listed;
        [self::$listed, $other] = [$user, 1];
        return $found;
    }

    public static function element($user)
    {
        $found = self::$element['user'];
        self::$element['user'] = $user;
        return $found;
    }

    public static function nested($user)
    {
        $found = count(self::$nested['a']['b']);
        self::$nested['a']['b'][] = $user;
        return $found;
    }

    public static function removed($user)
    {
        $found = isset(self::$removed['here']) ? 'here' : 'gone';
        unset(self::$removed['here']);
        return $found;
    }

    public static function looped($user)
    {
        $found = self::$looped;
        foreach ([1, $user] as self::$looped) {
        }
        return $found;
    }

    public static function caught($user)
    {
        $found = self::$caught === null ? 'none' : 'some';
        try {
            throw new \Exception($user);
        } catch (\Exception $error) {
            self::$caught = $error;
        }
        return $found;
    }
}

class References
{
    private static $assigned = [];
    private static $looped = ['start'];
    private static $pushed = [];
    private static $handed = 'start';
    private static $returned = 'start';
    private static $captured = 'start';

    public static function assigned($user)
    {
        $found = count(self::$assigned);
        $list = &self::$assigned;
        $list[] = $user;
        return $found;
    }

    public static function looped($user)
    {
        $found = self::$looped[0];
        foreach (self::$looped as &$each) {
            $each = $user;
        }
        return $found;
    }

    public static function pushed($user)
    {
        $found = count(self::$pushed);
        array_push(self::$pushed, $user);
        return $found;
    }

    public static function handed($user)
    {
        $found = self::$handed;
        overwrite(self::$handed, $user);
        return $found;
    }

    private static function &place()
    {
        return self::$returned;
    }

    public static function returned($user)
    {
        $found = self::$returned;
        $place = &self::place();
        $place = $user;
        return $found;
    }

    public static function captured($user)
    {
        $found = self::$captured;
        $write = function () use ($user) {
            self::$captured = $user;
        };
        $write();
        return $found;
    }
}

function overwrite(&$place, $user)
{
    $place = $user;
}

class Typed
{
    private static ?string $nullable;
    private static int $number = 0;
    private static array $list = [];

    public static function nullable($user)
    {
        $found = self::$nullable ?? 'none';
        self::$nullable = $user;
        return $found;
    }

    public static function number($user)
    {
        $found = self::$number;
        self::$number = crc32($user);
        return $found;
    }

    public static function list($user)
    {
        $found = count(self::$list);
        array_unshift(self::$list, $user);
        return $found;
    }
}

class Objects
{
    private static $object;
    private static $inside;

    public static function boot()
    {
        self::$object = new \ArrayObject(['start']);
        self::$inside = (object) ['user' => 'start'];
    }

    public static function object($user)
    {
        $found = self::$object[0];
        self::$object = new \ArrayObject([$user]);
        return $found;
    }

    public static function inside($user)
    {
        $found = self::$inside->user;
        self::$inside->user = $user;
        return $found;
    }
}

class CurrentUser
{
    private static $instance;
    private $name;

    private function __construct($name)
    {
        $this->name = $name;
    }

    public static function get($user)
    {
        self::$instance ??= new self($user);
        return self::$instance->name === $user ? 'own' : 'another';
    }
}
