<?php
class A {
    static $a;
    static function b() { static $c = 1, $d; static::b(); $e = new static; return static function () { }; }
}
