<?php
<<<A
 {$a[<<<B
 x
 	B
]}
  A;
1;
