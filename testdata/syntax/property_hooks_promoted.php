<?php
class A { function __construct(public string $b { set => trim($value); }) { } }
