<?php
class A { function list() { } function for() { } static function class() { } }
