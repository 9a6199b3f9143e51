<?php
// The entry of the application: says where things are and boots the framework.
define('THINK_PATH', dirname(__FILE__) . '/Think/');
define('APP_NAME', 'blog');
define('APP_PATH', dirname(__FILE__) . '/');

// BLOG_SOURCES=1 runs from the sources, whatever has been compiled.
define('APP_SOURCES', getenv('BLOG_SOURCES') === '1');

require THINK_PATH . 'ThinkPHP.php';
App::run();
