<?php
// The entry of a miniature of ThinkPHP 2.0: loads the caches, or has them built.
$GLOBALS['_beginTime'] = microtime(true);
if (!defined('THINK_PATH')) define('THINK_PATH', dirname(__FILE__));
if (!defined('APP_NAME')) define('APP_NAME', basename(dirname($_SERVER['SCRIPT_FILENAME'])));
if (!defined('APP_PATH')) define('APP_PATH', dirname($_SERVER['SCRIPT_FILENAME']));
if (!defined('RUNTIME_PATH')) define('RUNTIME_PATH', APP_PATH . '/Runtime/');
if (defined('RUNTIME_ALLINONE') && is_file(RUNTIME_PATH . '~allinone.php')) {
    $result = require RUNTIME_PATH . '~allinone.php';
    C($result);
    define('RUNTIME_MODEL', true);
} elseif (is_file(RUNTIME_PATH . '~runtime.php')) {
    require RUNTIME_PATH . '~runtime.php';
} else {
    require THINK_PATH . '/Common/runtime.php';
    build_runtime();
}
