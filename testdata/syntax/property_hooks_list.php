<?php
class A { public $b, $c { get => 1; } }
