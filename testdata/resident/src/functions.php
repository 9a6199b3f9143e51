<?php

namespace Leaks;

function variable($user)
{
    static $last = 'start';
    $found = $last;
    $last = $user;
    return $found;
}

class Methods
{
    public static function variable($user)
    {
        static $count = 0;
        return $count++;
    }

    public static function closure($user)
    {
        static $closure;
        $closure ??= function () {
            static $calls = 0;
            return $calls++;
        };
        return $closure();
    }
}

function globalVariable($user)
{
    global $current;
    $found = $current;
    $current = $user;
    return $found;
}

function globalElement($user)
{
    $found = $GLOBALS['made'] ?? 'none';
    $GLOBALS['made'] = $user;
    return $found;
}

function superglobal($user)
{
    $found = $_SERVER['LEAKS_USER'] ?? 'none';
    $_SERVER['LEAKS_USER'] = $user;
    return $found;
}

function constant($user)
{
    $found = \defined('LEAKS_USER') ? 'defined' : 'none';
    @\define('LEAKS_USER', $user);
    return $found;
}

function precision($user)
{
    $found = ini_get('precision');
    ini_set('precision', '5');
    return $found;
}

function timezone($user)
{
    $found = date_default_timezone_get();
    date_default_timezone_set('Asia/Tokyo');
    return $found;
}

function environment($user)
{
    $found = getenv('LEAKS_USER');
    putenv("LEAKS_USER=$user");
    return $found;
}

function handler($user)
{
    $found = set_error_handler(function () use ($user) {
        return true;
    });
    return $found === null ? 'none' : 'some';
}

function reporting($user)
{
    $found = error_reporting();
    error_reporting(E_ERROR);
    return $found;
}

function mask($user)
{
    $found = umask();
    umask(0077);
    return $found;
}
