<?php
// switches
define('APP_PATH', './Notes');
require dirname(__FILE__) . '/ThinkPHP/ThinkPHP.php';
define('NOTES_LATE', 'after the framework');
$app = new App();
$app->run();
