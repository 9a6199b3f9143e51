<?php
$a = <<<A
text $b {$c} ${d} $e[0] $f->g
A;
