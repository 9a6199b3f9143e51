<?php
$a = <<<"A"
text $b
A;
