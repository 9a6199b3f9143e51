<?php
list('a' => $b, f() => $c, 1 => list($d)) = $e;
