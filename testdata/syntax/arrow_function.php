<?php
$f = fn($x) => $x + 1;
$g = fn&(int &$x, ...$y): ?int => fn() => $x;
