<?php
/**
 * Functions of the framework, in no namespace.
 */

// The configuration: all of it, one value, or many at once.
function C($name = null, $value = null, $default = null)
{
    static $config = array();
    if (empty($name)) return $config;
    if (is_array($name)) {
        $config = array_merge($config, array_change_key_case($name, CASE_UPPER));
        return;
    }
    if (!is_string($name)) return null;
    $name = strtoupper($name);
    if ($value === null) return isset($config[$name]) ? $config[$name] : $default;
    $config[$name] = $value;
}

# The language pack.
function L($name = null)
{
    static $words = array();
    if (empty($name)) return $words;
    if (is_array($name)) $words = array_merge($words, array_change_key_case($name, CASE_UPPER));
    else return isset($words[strtoupper($name)]) ? $words[strtoupper($name)] : $name;
}

//[RUNTIME]
// The markers are comments, and these are gone when blocks are looked for.
function load_config($file)
{
    switch (pathinfo($file, PATHINFO_EXTENSION)) {
        case 'ini':
            return parse_ini_file($file);
        case 'json':
            return json_decode(file_get_contents($file), true);
        default:
            return include $file;
    }
}
//[/RUNTIME]
