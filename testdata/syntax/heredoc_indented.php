<?php
$a = <<<A
    one
      two $b
    A;
