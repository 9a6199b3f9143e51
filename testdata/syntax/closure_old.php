<?php $a = function ($b) use ($c, &$d) { return $b; };
