<?php
class Registry { public static $size; }
$count = 100;
Registry::$size = $count;
