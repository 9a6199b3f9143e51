<?php
$mode = include MODE_PATH . 'common.php';
foreach (array('Two', 'Braces', 'Prefix', 'Declare') as $name) $mode['core'][] = './Application/' . $name . '.php';
return $mode;
