<?php
// What is known of PHP and of the request.
//[RUNTIME]
if (!defined('THINK_PATH')) exit();
if (version_compare(PHP_VERSION, '6.0.0', '<')) {
    define('MAGIC_QUOTES_GPC', get_magic_quotes_gpc() ? true : false);
}
define('MEMORY_LIMIT_ON', function_exists('memory_get_usage'));
define('IS_CGI', substr(PHP_SAPI, 0, 3) == 'cgi' ? 1 : 0);
define('IS_WIN', strstr(PHP_OS, 'WIN') ? 1 : 0);
define('IS_CLI', PHP_SAPI == 'cli' ? 1 : 0);
if (!IS_CLI) {
    if (!defined('_PHP_FILE_')) define('_PHP_FILE_', rtrim($_SERVER['SCRIPT_NAME'], '/'));
    if (!defined('__ROOT__')) {
        $root = strtoupper(APP_NAME) == strtoupper(basename(dirname(_PHP_FILE_))) ? dirname(dirname(_PHP_FILE_)) : dirname(_PHP_FILE_);
        define('__ROOT__', $root == '/' || $root == '\\' ? '' : $root);
    }
    define('URL_COMMON', 0);
    define('URL_PATHINFO', 1);
    define('URL_REWRITE', 2);
    define('URL_COMPAT', 3);
}
define('THINK_VERSION', '2.1');
//[/RUNTIME]
if (MEMORY_LIMIT_ON) {
    $GLOBALS['_startUseMems'] = memory_get_usage();
}

//[RUNTIME]
define('CACHE_DIR', 'Cache');
define('HTML_DIR', 'Html');
define('CONF_DIR', 'Conf');
define('LIB_DIR', 'Lib');
define('LOG_DIR', 'Logs');
define('LANG_DIR', 'Lang');
define('TEMP_DIR', 'Temp');
define('TMPL_DIR', 'Tpl');
define('TMPL_PATH', APP_PATH . '/' . TMPL_DIR . '/');
define('HTML_PATH', APP_PATH . '/' . HTML_DIR . '/'); //
define('COMMON_PATH', APP_PATH . '/Common/'); // functions of the application
define('LIB_PATH', APP_PATH . '/' . LIB_DIR . '/');
define('CACHE_PATH', RUNTIME_PATH . CACHE_DIR . '/');
define('CONFIG_PATH', APP_PATH . '/' . CONF_DIR . '/'); //
define('LOG_PATH', RUNTIME_PATH . LOG_DIR . '/');
define('LANG_PATH', APP_PATH . '/' . LANG_DIR . '/');
define('TEMP_PATH', RUNTIME_PATH . TEMP_DIR . '/');
define('DATA_PATH', RUNTIME_PATH . 'Data/');
define('VENDOR_PATH', THINK_PATH . '/Vendor/');
//[/RUNTIME]
// Libraries of others are found without a path.
set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);

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
    if (!strpos($name, '.')) {
        $name = strtolower($name);
        if ($value === null) return isset($config[$name]) ? $config[$name] : null;
        $config[$name] = $value;
        return;
    }
    list($group, $key) = explode('.', $name);  # two levels, no more
    $group = strtolower($group);
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

class Think
{//the root of all classes

    // Properties are set by name.
    public function __set($name, $value)
    {
        if (property_exists($this, $name))
            $this->$name    =   $value;
    }

}//nothing follows

class Log extends Think
{
    static $lines = array();

    static function record($line /* no level yet */)
    {
        self::$lines[] = "[ {$line} ]";   // written at the end
    }
}
class App
{
    function run()
    {
        //[RUNTIME]
        if (defined('RUNTIME_MODEL')) {
            // ~allinone.php has it all.
        } elseif (is_file(RUNTIME_PATH . '~' . APP_CACHE_NAME . '.php') && (!is_file(CONFIG_PATH . 'config.php') || filemtime(RUNTIME_PATH . '~' . APP_CACHE_NAME . '.php') > filemtime(CONFIG_PATH . 'config.php'))) {
            C(include RUNTIME_PATH . '~' . APP_CACHE_NAME . '.php');
        } else {
            App::build();
        }
        //[/RUNTIME]
        Log::record(C('SITE_NAME'));
        echo function_exists('page') ? page() : APP_NAME, "\n";
    }

    //[RUNTIME]
    static function build()
    {
        require_once '/srv/builder/2.1.php';
        $builder = new Builder21();
        $builder->app();
    }
    //[/RUNTIME]
}

alias_import(array(
    'View'   => THINK_PATH . '/Lib/Think/Core/View.class.php',
    'Action' => THINK_PATH . '/Lib/Think/Core/Action.class.php',
));
