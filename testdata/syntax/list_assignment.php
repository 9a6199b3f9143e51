<?php list($a, , list($b->c), $d['e'],) = $f; list() = $a;
