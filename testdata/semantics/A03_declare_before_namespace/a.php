<?php
/* Strict. */
declare(strict_types=1);
namespace Strict;
function twice(int $n): int { return 2 * $n; }
echo twice(21);
