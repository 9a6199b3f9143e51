<?php
$a = <<<A
\u{}
A;
