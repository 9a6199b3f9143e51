<?php
class A { public $a = 1 + 2; }
