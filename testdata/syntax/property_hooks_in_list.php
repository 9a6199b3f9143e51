<?php class A { public $a, $b { get => 1; } }
