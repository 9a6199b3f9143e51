<?php $a = &$b; $a =& $b->c(); $a = & A::$d; foreach ($a as &$b); function &f() {} $x = [&$y];
