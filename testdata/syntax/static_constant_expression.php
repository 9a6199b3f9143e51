<?php
function f() { static $a = 1 + 2, $b = array(A::B), $c = -1; }
