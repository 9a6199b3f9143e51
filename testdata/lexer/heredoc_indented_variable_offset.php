<?php
<<<A
  $a[ 0]
  A;
1