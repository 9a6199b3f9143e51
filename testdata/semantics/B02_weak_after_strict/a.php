<?php
declare(strict_types=1);
function half(int $n) { return intdiv($n, 2); }
