<?php
interface I {}
class A { public function m(): ?A { return null; } }
class R extends A implements I {}
