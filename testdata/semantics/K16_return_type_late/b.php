<?php
echo get_class(new B);
class B extends A { public function m(): ?R { return null; } }
