<?php
class A { public int $a; private ?B $c = null; static array $d = []; var int $e; }
