<?php
echo <<<A
a $b {$c->d['e']} ${f} ${g['h']} ${'i'} $j[0] $k[l] $m[$n] $o->p $q->r->s
A;
echo <<<A
A;
