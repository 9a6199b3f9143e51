<?php
<<<A
a
  b $c
A;
1