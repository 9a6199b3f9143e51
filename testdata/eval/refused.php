<?php
return dirname('/a/b/c/d', 2) . dirname('/a', 5) . dirname('a/b', 3);
return array_merge();
return 1 << -1;
return strlen([]);
$a = 'str'; $a['x'] = 1; return $a;
$a = 5; $a[] = 1; return $a;
$a = true; $a[] = 1; return $a;
$a = ''; $a['x'] = 1; return $a;
if (!function_exists('cf12')) { function cf12() { return 12; } } return cf12();
$a = []; $a['9223372036854775807'] = 'v'; $a[] = 'n'; return $a;
$a = []; $a['2147483647'] = 'v'; $a[] = 'n'; return $a;
return 1 << 32;
return 1 << 62;
