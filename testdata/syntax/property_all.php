<?php
class A { public $a; protected static $b = array(1), $c; var $d = -1; private $e = self::F; }
