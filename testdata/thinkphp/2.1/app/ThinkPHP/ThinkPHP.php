<?php
// The entry of a miniature of ThinkPHP 2.1: loads the caches, or has them built.
function G($name)
{
    static $times = array();
    $times[$name] = microtime(true);
}
G('beginTime');
if (!defined('APP_PATH')) define('APP_PATH', dirname($_SERVER['SCRIPT_FILENAME']));
if (!defined('RUNTIME_PATH')) define('RUNTIME_PATH', APP_PATH . '/Runtime/');
if (!defined('APP_CACHE_NAME')) define('APP_CACHE_NAME', 'app');
if (defined('RUNTIME_ALLINONE') && is_file(RUNTIME_PATH . '~allinone.php')) {
    $result = require RUNTIME_PATH . '~allinone.php';
    C($result);
    define('RUNTIME_MODEL', true);
} else {
    if (!defined('THINK_PATH')) define('THINK_PATH', dirname(__FILE__));
    if (!defined('APP_NAME')) define('APP_NAME', basename(dirname($_SERVER['SCRIPT_FILENAME'])));
    $runtime = defined('THINK_MODE') ? '~' . strtolower(THINK_MODE) . '_runtime.php' : '~runtime.php';
    if (is_file(RUNTIME_PATH . $runtime)) {
        require RUNTIME_PATH . $runtime;
    } else {
        require THINK_PATH . '/Common/runtime.php';
        build_runtime();
    }
}
G('loadTime');
