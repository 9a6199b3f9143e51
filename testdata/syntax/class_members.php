<?php
abstract class A extends B implements C, \D\E {
    const F = 1, G = 2;
    var $h, $i = 1;
    public static $j = array(1, 2);
    private function &k(array $l, M $n = null, &$o = 1) { return $this->h; }
    abstract protected function p();
    final static function q() {}
}
interface R extends S, T { function u(); }
