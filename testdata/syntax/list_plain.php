<?php
list($a, $b) = $c; list(, $a, , $b) = $c; list($a[0], $b->c, A::$d) = $e;
