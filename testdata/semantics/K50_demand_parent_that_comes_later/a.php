<?php
try {
    echo D::class_name(), "\n";
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
var_dump(function_exists('below'), class_exists('Plain', false), class_exists('D', false));
