<?php
abstract class A extends B implements C, \D {
    const X = 1, Y = 2;
    public $a, $b = 1;
    static protected $c;
    var $d;
    abstract function e();
    final private static function &f(array $x = array()) { }
}
