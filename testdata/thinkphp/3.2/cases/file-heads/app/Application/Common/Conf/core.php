<?php
$mode = include MODE_PATH . 'common.php';
foreach (array('Upper', 'Blank', 'Empty', 'Html', 'Short', 'Bom') as $name) $mode['core'][] = './Application/' . $name . '.php';
return $mode;
