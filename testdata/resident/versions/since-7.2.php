<?php

namespace Since72;

class Base
{
    public static $public = 'start';
    protected static $shared = ['start'];
    protected static $late = 'base';
    private static $hidden = 1;
    private static $nothing;

    public static function dirty($n)
    {
        self::$public = $n;
        self::$shared[] = $n;
        static::$late = $n;
        self::$hidden += $n;
        self::$nothing = $n;
    }

    public static function told()
    {
        return [
            'Since72\Base::$public' => self::$public,
            'Since72\Base::$shared' => self::$shared,
            'Since72\Base::$late' => self::$late,
            'Since72\Base::$hidden' => self::$hidden,
            'Since72\Base::$nothing' => self::$nothing,
        ];
    }
}

/** What it has of its parent, and what only looks so. */
class Child extends Base
{
    protected static $late = 'child';
    protected static $own = ['a' => ['b' => ['start']]];
    private static $hidden = 'own';

    public static function dirty($n)
    {
        self::$shared[] = 'child';
        self::$late = $n;
        self::$own['a']['b'][] = $n;
        self::$own['a'][$n] = $n;
        self::$hidden = $n;
    }

    public static function told()
    {
        return [
            'Since72\Child::$late' => self::$late,
            'Since72\Child::$own' => self::$own,
            'Since72\Child::$hidden' => self::$hidden,
        ];
    }
}

trait Counts
{
    private static $count = 0;

    public static function count()
    {
        self::$count++;
    }

    public static function counted()
    {
        return self::$count;
    }
}

trait Remembers
{
    use Counts;

    protected static $remembered = ['start'];

    public static function remember($n)
    {
        static::$remembered[] = $n;
        self::count();
    }

    public static function remembered()
    {
        return self::$remembered;
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

/** It shares what the trait declares in its parent. */
class Third extends Second
{
}

abstract class Objects
{
    private static $kept;
    private static $copied;
    private static $listed = [];
    private static $start;

    public static function boot()
    {
        self::$kept = self::$start = new \ArrayObject(['start']);
        self::$copied = (object) ['name' => 'start', 'list' => []];
        self::$listed = ['start' => new \ArrayObject()];
    }

    public static function dirty($n)
    {
        self::$kept = new \stdClass();
        self::$copied->name = $n;
        self::$copied->list[] = $n;
        self::$listed[$n] = new \stdClass();
        unset(self::$listed['start']);
    }

    public static function told()
    {
        return [
            'Since72\Objects::$kept' => self::$kept === self::$start,
            'Since72\Objects::$copied' => self::$copied,
            'Since72\Objects::$listed' => array_keys(self::$listed),
        ];
    }
}

class References
{
    private static $taken = [1, 2];
    private static $looped = ['start', 'start'];
    private static $handed = ['b', 'a'];

    public static function dirty($n)
    {
        $taken = &self::$taken;
        $taken[] = $n;
        foreach (self::$looped as &$each) {
            $each .= $n;
        }
        sort(self::$handed);
        array_unshift(self::$handed, $n);
    }

    public static function told()
    {
        return [
            'Since72\References::$taken' => self::$taken,
            'Since72\References::$looped' => self::$looped,
            'Since72\References::$handed' => self::$handed,
        ];
    }
}

function variable($n)
{
    static $last = 'start';
    $found = $last;
    $last = $n ?: $last;
    return $found;
}

function globals($n)
{
    global $replaced, $list;
    $replaced = $n;
    $list['a'][] = $n;
    $GLOBALS['made'] = $n;
    unset($GLOBALS['gone']);
}

function settings($n)
{
    date_default_timezone_set('Asia/Tokyo');
    ini_set('precision', '5');
    error_reporting(E_ALL & ~E_NOTICE);
    putenv("TILDE_SET=$n");
    putenv('TILDE_MADE=1');
    umask(0077);
    chdir('/');
    set_include_path('/nonexistent');
    set_error_handler(function () {
        return true;
    });
    set_exception_handler(function () {
    });
    spl_autoload_register(function ($class) {
    });
    stream_wrapper_register("tilde$n", 'stdClass');
}

function toldOfSettings()
{
    $handlers = [set_error_handler(null), set_exception_handler(null)];
    restore_error_handler();
    restore_exception_handler();
    return [
        'date_default_timezone_set()' => date_default_timezone_get(),
        'ini_set()' => ini_get('precision'),
        'error_reporting()' => error_reporting(),
        'putenv()' => [getenv('TILDE_SET'), getenv('TILDE_MADE')],
        'umask()' => umask(),
        'chdir()' => getcwd(),
        'set_include_path()' => get_include_path(),
        'set_error_handler()' => is_object($handlers[0]),
        'set_exception_handler()' => is_object($handlers[1]),
        'spl_autoload_register()' => count(spl_autoload_functions() ?: []),
        'stream_wrapper_register()' => preg_grep('/^tilde/', stream_get_wrappers()),
    ];
}

$GLOBALS['replaced'] = 'start';
$GLOBALS['list'] = ['a' => ['start']];
$GLOBALS['gone'] = 'here';
date_default_timezone_set('UTC');
putenv('TILDE_SET=start');
umask(0022);
Objects::boot();

return [
    function () {
        return Base::told() + Child::told() + Objects::told() + References::told()
            + toldOfSettings() + [
            'Since72\First::$count' => First::counted(),
            'Since72\Second::$count' => Second::counted(),
            'Since72\First::$remembered' => First::remembered(),
            'Since72\Second::$remembered' => Third::remembered(),
            'Since72\variable()::$last' => variable(null),
            '$replaced' => $GLOBALS['replaced'],
            '$list' => $GLOBALS['list'],
            '$made' => isset($GLOBALS['made']),
            '$gone' => isset($GLOBALS['gone']),
        ];
    },
    function ($n) {
        Base::dirty($n);
        Child::dirty($n);
        First::remember($n);
        Third::remember($n);
        Objects::dirty($n);
        References::dirty($n);
        variable($n);
        globals($n);
        settings($n);
    },
];
