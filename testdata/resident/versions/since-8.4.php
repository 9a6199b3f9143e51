<?php

namespace Since84;

class Hooked
{
    public string $name = 'start' {
        set => strtolower($value);
    }
    public private(set) array $list = [];

    public function add($n): void
    {
        $this->list[] = $n;
    }
}

class Objects
{
    public static Hooked $hooked;

    public static function boot()
    {
        self::$hooked = new Hooked();
    }

    public static function dirty($n)
    {
        self::$hooked->name = "NAME $n";
        self::$hooked->add($n);
    }

    public static function told()
    {
        return ['Since84\Objects::$hooked' => [self::$hooked->name, self::$hooked->list]];
    }
}

Objects::boot();

return [[Objects::class, 'told'], [Objects::class, 'dirty']];
