<?php
$a = clone $b; $c = clone($d); $e = clone $f->g; clone new A;
