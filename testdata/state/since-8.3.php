<?php
// What newer PHPs have come with.

namespace Since83;

enum Suit
{
    case Hearts;
    case Spades;

    public function counted()
    {
        static $count = 0;
        return $this->name . ++$count;
    }
}

readonly class Fixed
{
    public function line()
    {
        static $line = __LINE__, $method = __METHOD__;
        return $method . ($line += 1);
    }
}

interface Named
{
    const string NAME = 'named';
}

function constants()
{
    static $suit = Suit::Hearts, $name = Named::NAME . '!', $list = [...[1, 2], 'a' => [3][0] ?? 4];
    $found = $suit->name . $name . json_encode($list);
    $suit = new Fixed();
    $suit = Suit::Spades;
    $name = $list = null;
    return $found;
}

function answer()
{
    return [
        'enum' => Suit::Hearts->counted() . Suit::Hearts->counted(),
        'readonly' => (new Fixed())->line() . (new Fixed())->line(),
        'constants' => constants() . constants(),
    ];
}
