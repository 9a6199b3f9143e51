<?php
/** head */
declare ( strict_types = 1 ) ;
class A {}
try { echo s('7'); } catch (TypeError $e) { echo 'TypeError'; }
var_dump((new ReflectionClass('A'))->getDocComment());