<?php function f() { $a = yield $b; return yield $c => $d; [yield $e => $f, yield]; yield from g() + 1; $h = yield from i(); yield yield 1 => 2; yield & $x; yield * 2; }
