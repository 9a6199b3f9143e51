<?php trait A { use B, C { B::d insteadof C; C::d as protected e; f as g; h as private; } abstract function i(); static $j; } class K { use A; }
