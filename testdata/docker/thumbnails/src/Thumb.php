<?php
namespace Acme;
use function imagecreatetruecolor as canvas;
final class Thumb
{
    public function __construct(private \GdImage $image)
    {
    }
    public static function make(int $size): self
    {
        return new self(canvas($size, $size));
    }
    public function width(): int
    {
        return imagesx($this->image);
    }
}
