<?php
"$a $b[0] $c[x] $d[$e] $f->g $h?->i"