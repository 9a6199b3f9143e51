<?php
$a = <<<A
x
A
[0];
