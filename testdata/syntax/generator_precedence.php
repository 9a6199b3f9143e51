<?php
function f() { yield $a ?: $b => $c and $d; yield -1; }
