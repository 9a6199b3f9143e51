<?php
class A { public private(set) int $b; protected(set) string $c; public public(set) int $d; }
