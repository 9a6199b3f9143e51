<?php
function f() { return 1; }
class A { function return() { return 1; } const RETURN = 1; }
$f = function () use (&$x): int { return 2; };
$o = new class { function g() { if (1) { return 3; } } };
echo A::RETURN, f(), $f(), $o->g(), (new A)->return();
function &r() { static $a; return $a; }