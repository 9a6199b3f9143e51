<?php
class B {}
foreach (['A', 'B'] as $c) var_dump((new ReflectionClass($c))->getDocComment());
/** trailing */