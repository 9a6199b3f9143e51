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
define('THINK_VERSION', '2.0');
//[/RUNTIME]
if (MEMORY_LIMIT_ON) {
    $GLOBALS['_startUseMems'] = memory_get_usage();
}
?>
