<?php
// switches
define('APP_NAME', 'App');
define('APP_PATH', './App/');
require './ThinkPHP/ThinkPHP.php';
