<?php
$mode = include MODE_PATH . 'common.php';
foreach (array('Opened', 'Closed') as $name) $mode['core'][] = './Application/' . $name . '.php';
return $mode;
