<?php
$mode = include MODE_PATH . 'common.php';
foreach (array('Tails', 'Nowdoc') as $name) $mode['core'][] = './Application/' . $name . '.php';
return $mode;
