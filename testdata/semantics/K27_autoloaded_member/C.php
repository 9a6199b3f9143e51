<?php
class C implements Countable { public function count(): int { return 1; } }
