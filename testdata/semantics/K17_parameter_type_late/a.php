<?php
interface I {}
class Q implements I {}
class R extends Q {}
class A { public function m(R $x) {} }
