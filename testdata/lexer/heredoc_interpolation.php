<?php
<<<A
$a[0]$b->c{$d}${e}$f?->g
  {$h['i']}
A;
