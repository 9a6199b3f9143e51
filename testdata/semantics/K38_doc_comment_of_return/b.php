<?php
var_dump((new ReflectionFunction('f'))->getDocComment());
