<?php
class A { public $a { public

get; } }
