<?php
echo <<<A
    a
  b
    A;
