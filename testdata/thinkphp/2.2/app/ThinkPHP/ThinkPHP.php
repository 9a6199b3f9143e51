<?php
// The entry of a miniature of ThinkPHP 2.2: loads the cache, or has it built.
G('beginTime');
define('MEMORY_LIMIT_ON', function_exists('memory_get_usage'));
if (MEMORY_LIMIT_ON) $GLOBALS['_startUseMems'] = memory_get_usage();
if (!defined('APP_PATH')) define('APP_PATH', dirname($_SERVER['SCRIPT_FILENAME']));
if (!defined('RUNTIME_PATH')) define('RUNTIME_PATH', APP_PATH . '/Runtime/');
$runtime = defined('THINK_MODE') ? '~' . strtolower(THINK_MODE) . '_runtime.php' : '~runtime.php';
if (is_file(RUNTIME_PATH . $runtime)) {
    require RUNTIME_PATH . $runtime;
} else {
    if (!defined('THINK_PATH')) define('THINK_PATH', dirname(__FILE__));
    if (!defined('APP_NAME')) define('APP_NAME', basename(dirname($_SERVER['SCRIPT_FILENAME'])));
    require THINK_PATH . '/Common/runtime.php';
}
G('loadTime');

function G($name)
{
    static $times = array();
    $times[$name] = microtime(true);
}
