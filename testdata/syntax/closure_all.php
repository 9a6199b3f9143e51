<?php
$f = function () { };
$g = function &($x) use ($y, &$z) { };
