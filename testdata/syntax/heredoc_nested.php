<?php
$a = <<<A
x {$b[<<<B
y {$c}
B
]} z
A;
