<?php
$x = (list($a) = $b) && [$c] = $d;
