<?php
$a = &$b; $a =& $b['c']; $a = &f();
