<?php
class A { static final public function b() { } abstract protected static function c(); }
