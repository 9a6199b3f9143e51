<?php
// switches
if (version_compare(PHP_VERSION, '5.3.0', '<')) die('require PHP > 5.3.0 !');
if (ini_get('magic_quotes_gpc')) {
    function notes_strip($value) {
        return is_array($value) ? array_map('notes_strip', $value) : stripslashes($value);
    }
    $_GET = notes_strip($_GET);
    $_POST = notes_strip($_POST);
}
chdir(dirname(__FILE__));
$_GET['m'] = 'Home';
define('APP_PATH', './Application/');
require './ThinkPHP/ThinkPHP.php';
