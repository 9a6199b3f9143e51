<?php
echo __FILE__, __DIR__;
class A { const __FILE__X = 1; function f() { return __dir__; } }