<?php
function f(int $a, mixed $b, never $c, null $d, false $e, true $f, self $g, parent $h, iterable $i, object $j): void { }
