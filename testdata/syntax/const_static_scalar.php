<?php const A = 1 + 2 * B::C, D = E ? F : 'g', H = [1, 2][0]; function f($a = -1, $b = PHP_EOL . 'x') { static $c = 1 << 2; }
