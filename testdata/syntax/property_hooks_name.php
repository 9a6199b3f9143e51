<?php
class A { public $b { foo => 1; } }
