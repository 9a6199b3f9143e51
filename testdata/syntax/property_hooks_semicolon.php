<?php
class A { public $b { get => 1; }; }
