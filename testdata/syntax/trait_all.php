<?php
trait A { public $b; function c() { } abstract function d(); static function e() { } use F; }
