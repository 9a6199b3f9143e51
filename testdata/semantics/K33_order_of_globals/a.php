<?php
class D { public $n; public function __construct($n) { $this->n = $n; } public function __destruct() { echo $this->n; } }
if (false) $x = 1;
$y = new D('y');
