<?php
class Wallet implements Countable { public function count(string $currency): int { return 0; } }
