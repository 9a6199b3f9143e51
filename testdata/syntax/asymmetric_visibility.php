<?php class A { public private(set) int $a; protected(set) string $b; function __construct(public protected(set) int $c) {} }
