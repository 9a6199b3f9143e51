<?php
if (!function_exists('f')) { function f() { return 1; } }