<?php
if (!function_exists('f')): function f() { return 2; } endif;
echo f();