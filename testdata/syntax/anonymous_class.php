<?php
$a = new class { };
$b = new class($x) extends A implements B, C { use T; };
