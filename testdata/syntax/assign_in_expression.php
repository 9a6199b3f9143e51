<?php
if (!$a = f()) { }
$x = $y && $z = 1;
