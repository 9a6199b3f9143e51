<?php enum#
=
n;
enum#
= 1 . 2 . 3 . 4 . 5
#
+ 6
n;
$a &#
= 1 . 2 . 3 . 4
$b;
