<?php
<<<A
  {$a[<<<B
    b
    B . 089]}
  A;
1