<?php
$a = ['k' => ['b' => 1]]; $n = 'a'; $o = new stdClass; $o->p = 'P';
echo "$a[k] {$a['k'] [ 'b' ]} ${n} ${ n } $o->p?> {$o -> p}";
