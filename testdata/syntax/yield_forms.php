<?php function f() { yield; $a = yield; $b = (yield $c); $d = (yield $e => $f); yield $g; yield $h => $i; f(yield $j); if (yield $k) {} }
