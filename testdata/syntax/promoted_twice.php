<?php
class A { function __construct(public public $a) { } }
