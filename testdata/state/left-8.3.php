<?php
// First values that are any expressions: each process may have others.

namespace Left83;

function computes($value)
{
    static $first = log('computes') . $value, $second = new \ArrayObject([$value]), $third = 3;
    $found = $first . count($second) . $third++;
    $first .= '!';
    $second->append($value);
    $second = new \ArrayObject();
    return $found;
}

function log($line)
{
    static $lines = [];
    $lines[] = $line;
    return count($lines) . ':';
}

function throws($is)
{
    try {
        static $value = maybe($is);
        return "value $value";
    } catch (\Exception $error) {
        return $error->getMessage();
    }
}

function maybe($is)
{
    static $times = 0;
    $times++;
    if ($is) {
        throw new \Exception("thrown $times");
    }
    return "computed $times";
}

function recursive($depth)
{
    static $value = $depth > 0 ? recursive($depth - 1) . $depth : 'end';
    $found = $value;
    $value .= '+';
    return $found;
}

function answer($n)
{
    return [
        'computes' => computes($n) . computes("not $n"),
        'throws' => throws(true) . throws(true) . throws(false) . throws(true),
        'recursive' => recursive(2) . recursive(2),
    ];
}
