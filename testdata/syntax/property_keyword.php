<?php
class A { public $class, $list; public $for = 1; }
