<?php
$a = <<<A
    one
  two
    A;
