<?php
$a = 1; $b = & $a;
echo 1 . 2, 5 - -$a, $a + + $a, $a ? .5 : 2, return_it( ( int ) '7x' );
function return_it ( $x ) { return/**/$x; }
if ($a and 1 or 0x1 and 2) : echo 'x' ; endif ;
