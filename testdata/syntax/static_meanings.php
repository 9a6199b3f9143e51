<?php static $a = 1, $b; static::c(); static::$d; static function () {}; static fn() => 1; new static; class E { static $f; static function g(): static {} } $a instanceof static;
