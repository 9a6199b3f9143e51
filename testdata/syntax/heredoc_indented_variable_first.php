<?php
$a = <<<A
$b
  A;
