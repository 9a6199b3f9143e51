<?php
function ask() { var_dump(function_exists('later')); return true; }
set_error_handler('ask');
echo $undefined;
spl_autoload_register('ask');
class_exists('Nowhere');
$list = [[1]];
array_walk_recursive($list, 'ask');
