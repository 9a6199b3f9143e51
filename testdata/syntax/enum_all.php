<?php
enum A: string implements B, C {
    use T;
    case D = 'd';
    case E = 'e';
    const F = self::D;
    public static function g(): self { return self::D; }
}
