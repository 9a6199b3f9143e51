<?php ['a' => $b, 'c' => list($d)] = $e; list('f' => [$g], 1 => &$h) = $i; [$a, [$b]] = [$b, [$a]];
