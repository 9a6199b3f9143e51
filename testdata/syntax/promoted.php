<?php
class A { function __construct(public $a, protected int $b = 1, private readonly ?C &$d = null) { } }
