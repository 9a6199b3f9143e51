<?php
defined('THINK_PATH') or exit();

// Notes when something happened.
function G($name)
{
    static $times = array();
    $times[$name] = microtime(true);
}

/**
 * The configuration: all of it, one value, or many at once.
 */
function C($name = null, $value = null)
{
    static $config = array();
    if (empty($name)) return $config;
    if (is_array($name)) {
        $config = array_merge($config, array_change_key_case($name));
        return;
    }
    if (!strpos($name, '.')) {
        $name = strtolower($name);
        if ($value === null) return isset($config[$name]) ? $config[$name] : null;
        $config[$name] = $value;
        return;
    }
    list($group, $key) = explode('.', $name); # two levels
    $group = strtolower($group);
    if ($value === null) return isset($config[$group][$key]) ? $config[$group][$key] : null;
    $config[$group][$key] = $value;
}

// The language pack, likewise.
function L($name = null)
{
    static $words = array();
    if (empty($name)) return $words;
    if (is_array($name)) $words = array_merge($words, array_change_key_case($name, CASE_UPPER));
    else return isset($words[strtoupper($name)]) ? $words[strtoupper($name)] : $name;
}

function require_cache($file)
{
    static $loaded = array();
    $file = realpath($file);
    if (!isset($loaded[$file])) require $file;
    return $loaded[$file] = true;
}

function alias_import($alias)
{
    static $files = array();
    if (is_array($alias)) return $files = array_merge($files, $alias);
    return isset($files[$alias]) ? require_cache($files[$alias]) : null;
}
//[RUNTIME]
function built_from() { return 'sources'; }
//[/RUNTIME]
