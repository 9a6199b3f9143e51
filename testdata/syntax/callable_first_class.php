<?php
$f = strlen(...); $g = $a->b(...); $h = A::c(...); $i = $x(...);
