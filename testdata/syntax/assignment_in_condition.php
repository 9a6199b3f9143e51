<?php if (!$a = b() and $c || $d = e()) {} $x = $y += $z .= 1;
