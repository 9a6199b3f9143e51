<?php

namespace App;

final class Item
{
    public function __construct(public readonly int $id, public readonly string $name)
    {
    }

    public function price(): int
    {
        return $this->id * 199;
    }
}
