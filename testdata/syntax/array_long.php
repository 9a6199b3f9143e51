<?php
$a = array(1, 'a' => 2, &$b, 'c' => &$d,);
