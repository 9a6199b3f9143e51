<?php
$a = <<<A
  A text
A;
