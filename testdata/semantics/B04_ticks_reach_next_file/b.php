<?php
$a = 1;
$b = 2;
$c = 3;
$d = 4;
echo $GLOBALS['ticks'] > 4 ? 'ticks here' : 'no tick here';
