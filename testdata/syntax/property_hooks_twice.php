<?php
class A { public $b { get => 1; get => 2; } }
