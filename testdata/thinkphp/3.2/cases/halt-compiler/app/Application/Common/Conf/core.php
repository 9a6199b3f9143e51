<?php
$mode = include MODE_PATH . 'common.php';
foreach (array('Halt') as $name) $mode['core'][] = './Application/' . $name . '.php';
return $mode;
