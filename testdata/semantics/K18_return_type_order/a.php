<?php
class A { public function m(): ?A { return null; } }
