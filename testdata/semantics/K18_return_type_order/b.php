<?php
class B extends A { public function m(): ?R { return null; } }
