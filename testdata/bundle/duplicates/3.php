<?php
if (!function_exists('f')) { function f() {} }
$x = new class { };