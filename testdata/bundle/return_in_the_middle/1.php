<?php
if (class_exists('X')) return;
function f() { return 1; }
class A { function return() { return 1; } const RETURN = 1; }
$f = function () { return 2; };
echo A::RETURN;