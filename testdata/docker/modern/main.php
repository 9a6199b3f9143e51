<?php
namespace Acme;
enum Format: string
{
    case Json = 'json';
    case Binary = 'binary';
    public function encode(mixed $value): string
    {
        return match ($this) {
            self::Json => json_encode($value),
            self::Binary => igbinary_serialize($value),
        };
    }
}
$strings = gettext(...);
echo strlen(Format::Binary->encode(1)) > 0, Format::Json->encode(1), $strings('a'), "\n";
