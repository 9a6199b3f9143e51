<?php
// Not compiled: the constants of the first request, and what it has to load.
defined('THINK_PATH') or exit();
define('THINK_VERSION', '3.1.3');
if (version_compare(PHP_VERSION, '5.4.0', '<')) {
    define('MAGIC_QUOTES_GPC', get_magic_quotes_gpc() ? true : false);
} else {
    define('MAGIC_QUOTES_GPC', false);
}
define('IS_CGI', (0 === strpos(PHP_SAPI, 'cgi') || false !== strpos(PHP_SAPI, 'fcgi')) ? 1 : 0);
define('IS_WIN', strstr(PHP_OS, 'WIN') ? 1 : 0);
define('IS_CLI', PHP_SAPI == 'cli' ? 1 : 0);
defined('APP_NAME') or define('APP_NAME', basename(dirname($_SERVER['SCRIPT_FILENAME'])));
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
defined('CORE_PATH') or define('CORE_PATH', THINK_PATH . 'Lib/');
defined('EXTEND_PATH') or define('EXTEND_PATH', THINK_PATH . 'Extend/');
defined('MODE_PATH') or define('MODE_PATH', EXTEND_PATH . 'Mode/');
defined('ENGINE_PATH') or define('ENGINE_PATH', EXTEND_PATH . 'Engine/');
defined('VENDOR_PATH') or define('VENDOR_PATH', EXTEND_PATH . 'Vendor/');
defined('LIBRARY_PATH') or define('LIBRARY_PATH', EXTEND_PATH . 'Library/');
defined('COMMON_PATH') or define('COMMON_PATH', APP_PATH . 'Common/');
defined('LIB_PATH') or define('LIB_PATH', APP_PATH . 'Lib/');
defined('CONF_PATH') or define('CONF_PATH', APP_PATH . 'Conf/');
defined('LANG_PATH') or define('LANG_PATH', APP_PATH . 'Lang/');
defined('TMPL_PATH') or define('TMPL_PATH', APP_PATH . 'Tpl/');
defined('HTML_PATH') or define('HTML_PATH', APP_PATH . 'Html/');
defined('LOG_PATH') or define('LOG_PATH', RUNTIME_PATH . 'Logs/');
defined('TEMP_PATH') or define('TEMP_PATH', RUNTIME_PATH . 'Temp/');
defined('DATA_PATH') or define('DATA_PATH', RUNTIME_PATH . 'Data/');
defined('CACHE_PATH') or define('CACHE_PATH', RUNTIME_PATH . 'Cache/');
set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);

function load_runtime_file()
{
    require THINK_PATH . 'Common/common.php';
    require_once '/srv/builder/3.1.php';
    foreach (array('Think', 'ThinkException', 'Behavior') as $class) {
        require_cache(CORE_PATH . 'Core/' . $class . '.class.php');
    }
    alias_import(include THINK_PATH . 'Conf/alias.php');
    if (!is_dir(LIB_PATH)) {
        mkdir(LIB_PATH, 0755, true);
    }
    if (!is_dir(RUNTIME_PATH)) mkdir(RUNTIME_PATH, 0777, true);
}

load_runtime_file();
G('loadTime');
Think::start();
