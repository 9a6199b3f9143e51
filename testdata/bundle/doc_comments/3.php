<?php
class C {}
var_dump((new ReflectionClass('C'))->getDocComment());