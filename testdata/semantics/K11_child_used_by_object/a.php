<?php
class P implements Countable { public function count(): int { return 1; } }
class S { public function __toString() { return get_class(new C); } }
$s = new S;
