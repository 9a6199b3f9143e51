<?php
function f() { yield; yield $a; yield $a => $b; $x = (yield); $y = (yield $a => $b); }
