<?php declare(strict_types=1);
function s(int $n) { return $n; }