<?php
class A { public $b { private get => 1; } }
