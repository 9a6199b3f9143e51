<?php class A { function __construct(private int $a = 1, public readonly ?B $b, protected $c) {} }
