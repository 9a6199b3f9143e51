<?php
class R extends A implements Countable { public function count(): int { return 0; } }
