<?php class A { public int $a = 1, $b; private ?B $c; static array|null $d; var \E $f; }
