<?php
// switches
define('APP_PATH', './Notes');
require dirname(__FILE__) . '/ThinkPHP/ThinkPHP.php';
define('RUNTIME_ALLINONE', true);
define('NOTES_LATE', 'after the framework');
App::run();
