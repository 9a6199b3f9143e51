<?php
function f() { } function &g(array $a, B $b = null, &$c, $d = 1) { }
