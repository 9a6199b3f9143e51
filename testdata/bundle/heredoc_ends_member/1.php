<?php
$s = ['a' => 'A', 'B'];
$s = <<<X
text $s[0] {$s['a']}
X;
