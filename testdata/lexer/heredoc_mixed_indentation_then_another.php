<?php
<<<A
 {$a[<<<B
 	x
 	B
 , <<<C
    y
    C]}
  A;
1;
