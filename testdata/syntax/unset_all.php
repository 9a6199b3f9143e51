<?php
unset($a, $b['c'], $d->e, A::$f);
