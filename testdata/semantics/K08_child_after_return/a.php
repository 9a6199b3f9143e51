<?php
class P implements Countable { public function count(): int { return 1; } }
