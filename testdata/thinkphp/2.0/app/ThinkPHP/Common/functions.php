<?php
/**
 * Functions of the framework.
 */

// All of the configuration, one value of it, or many at once.
function C($name = null, $value = null)
{
    static $config = array();
    if (empty($name)) return $config;
    if (is_array($name)) return $config = array_merge($config, array_change_key_case($name));
    if (!is_string($name)) return null;
    $name = strtolower($name);
    if (!strpos($name, '.')) {
        if ($value === null) return isset($config[$name]) ? $config[$name] : null;
        $config[$name] = $value;
        return;
    }
    list($group, $key) = explode('.', $name);  # two levels, no more
    if ($value === null) return isset($config[$group][$key]) ? $config[$group][$key] : null;
    $config[$group][$key] = $value;
}

/* Where classes are that are not compiled. */
function alias_import($alias)
{
    static $files = array();
    if (is_array($alias)) $files = array_merge($files, $alias);
    return count($files);
}
//[RUNTIME]
function compiled_from()
{
    return 'sources';
}
//[/RUNTIME]
?>
