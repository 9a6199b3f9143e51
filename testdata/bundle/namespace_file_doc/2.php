<?php
/** of Y */
class Y {}
var_dump((new ReflectionClass('Y'))->getDocComment());