<?php
<<<A
  {$a["\u{zz}"]}
  A;
1