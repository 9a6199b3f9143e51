<?php
namespace N;

use ArrayObject as Base;

echo \class_exists(A::class, false) ? 'A is there' : 'A comes later', "\n";
echo \function_exists('N\helper') ? helper() : 'no helper', "\n";
echo \class_exists(Child::class, false) ? 'Child is there' : 'Child comes later', "\n";

/** Of A. */
class A extends Base
{
    const NAME = self::class;
}

class Child extends A {}

/** Of the function. */
function helper()
{
    static $count = 0;
    return 'helper ' . ++$count;
}

echo (new \ReflectionClass(A::class))->getDocComment(), "\n";
echo (new \ReflectionFunction('N\helper'))->getDocComment(), "\n";
