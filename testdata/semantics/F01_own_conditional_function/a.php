<?php
var_dump(function_exists('greet'));
if (!function_exists('greet')) { function greet() { return 'hello'; } }
echo greet();
