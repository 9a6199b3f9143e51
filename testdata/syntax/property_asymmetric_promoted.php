<?php
class A { function __construct(public private(set) int $b, protected(set) $c = 1) { } }
