<?php
// switches
define('APP_PATH', './Application/');
require './ThinkPHP/ThinkPHP.php';
