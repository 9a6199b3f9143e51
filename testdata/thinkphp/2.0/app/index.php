<?php
// switches
define('THINK_PATH', './ThinkPHP');
define('APP_PATH', './Notes');
require THINK_PATH . '/ThinkPHP.php';
$app = new App();
$app->run();
