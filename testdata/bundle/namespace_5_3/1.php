<?php
namespace A\B;
use \ArrayObject as C, SplStack;
function f() { return \strlen('abc') . namespace\g(); }
function g() { return get_class(new C); }
echo f();