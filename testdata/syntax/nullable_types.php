<?php function f(?int $a, ?A\B $b = null): ?array {}
