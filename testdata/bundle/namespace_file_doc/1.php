<?php
/** header */
namespace A;
class X {}
var_dump((new \ReflectionClass('A\X'))->getDocComment());