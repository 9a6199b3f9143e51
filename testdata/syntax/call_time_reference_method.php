<?php
$a->b(&$c); A::d($e, &$f['g']); new H(&$i);
