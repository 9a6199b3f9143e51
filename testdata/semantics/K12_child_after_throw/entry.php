<?php
$zero = 0;
try { LOAD; } catch (Error $e) { echo $e->getMessage(); }
var_dump(class_exists('C', false));
