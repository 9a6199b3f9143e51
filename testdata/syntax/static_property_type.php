<?php
class A { public static $a; static public $b; static int $c; }
