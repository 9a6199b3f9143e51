<?php function f($a, $b,) {} $c = function ($d,) use ($e,) {};
