<?php
function f() { $x = yield; $y = yield 1 + 2; f(yield $a); [yield]; }
