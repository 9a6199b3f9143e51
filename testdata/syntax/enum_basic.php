<?php enum A: string implements B { use C; const D = self::E; case E = 'e'; case class = 'f'; public static function g(): self {} }
