<?php
$a = $b and $c or $d xor $e;
