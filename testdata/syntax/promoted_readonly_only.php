<?php
class A { function __construct(readonly int $a) { } }
