<?php
$mode = include MODE_PATH . 'common.php';
foreach (array('Glued') as $name) $mode['core'][] = './Application/' . $name . '.php';
return $mode;
