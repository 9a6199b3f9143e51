<?php
// switches
define('APP_PATH', './Notes');
require dirname(__FILE__) . '/ThinkPHP/ThinkPHP.php';
echo 'nobody runs it';
