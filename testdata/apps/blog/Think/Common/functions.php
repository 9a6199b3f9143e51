<?php
/**
 * Functions that everything else uses.
 *
 * The one-letter names are the framework's short hand: C for configuration,
 * L for language, U for URLs, M for models.
 */

/**
 * Reads or sets configuration.
 *
 * C()                  all of it
 * C(array(...))        merges; only the names at the top are lower-cased
 * C('name')            reads
 * C('group.name')      reads one of a group
 * C('name', 'value')   sets
 */
function C($name = null, $value = null)
{
    static $config = array();

    if ($name === null) {
        return $config;
    }
    if (is_array($name)) {
        return $config = array_merge($config, array_change_key_case($name));
    }
    if (strpos($name, '.')) {
        list($group, $key) = explode('.', $name, 2);
        $group = strtolower($group);
        if ($value === null) {
            return isset($config[$group][$key]) ? $config[$group][$key] : null;
        }
        return $config[$group][$key] = $value;
    }
    $name = strtolower($name);
    if ($value === null) {
        return isset($config[$name]) ? $config[$name] : null;
    }
    return $config[$name] = $value;
}

/**
 * Reads a phrase of a language, or, given an array, adds a pack to it.
 *
 * A phrase that no pack has is shown as its own name.
 */
function L($name, $language = 'en')
{
    static $packs = array();

    if (is_array($name)) {
        $known = isset($packs[$language]) ? $packs[$language] : array();
        $packs[$language] = $name + $known;
        return $packs[$language];
    }
    return isset($packs[$language][$name]) ? $packs[$language][$name] : $name;
}

/**
 * The address of a page: U('post/3') is "/index.php/post/3".
 */
function U($path = '', $query = array())
{
    $path = ltrim($path, '/');
    if (C('URL_MODEL') == 1) {
        $url = $path === '' ? __ROOT__ . '/' : _PHP_FILE_ . '/' . $path;
    } else {
        $url = _PHP_FILE_;
        if ($path !== '') {
            $query = array('s' => '/' . $path) + $query;
        }
    }
    return $query ? $url . '?' . http_build_query($query, '', '&') : $url;
}

/** The one model of a name: M('Post') is a PostModel. */
function M($name)
{
    static $models = array();

    if (!isset($models[$name])) {
        $class = $name . 'Model';
        $models[$name] = new $class();
    }
    return $models[$name];
}

/** Says which file holds a class that is loaded when it is first used. */
function alias_import($alias, $file = null)
{
    static $files = array();

    if (is_array($alias)) {
        $files = $alias + $files;
        return true;
    }
    if ($file !== null) {
        $files[$alias] = $file;
        return true;
    }
    return isset($files[$alias]) ? $files[$alias] : false;
}

function throw_exception($message, $code = 500)
{
    throw new ThinkException($message, $code);
}

// Escapes text for HTML. The quotes and "?" . ">" in this comment, and the
// <?php that opens nothing here, are for the tools that read PHP by looking
// for patterns: /* neither begins // nor ends anything, {$nor} <<<DOES this.
function h($text)
{
    return htmlspecialchars((string) $text, ENT_QUOTES, 'UTF-8');
}

# The environment reaches PHP in different ways: look in each.
function env_flag($name)
{
    $value = getenv($name);
    if ($value === false && isset($_SERVER[$name])) {
        $value = $_SERVER[$name];
    }
    return $value === '1';
}
