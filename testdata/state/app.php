<?php
// What PHP does with `static` variables of functions, from 5.6 to 8.5. answer() returns what a
// request finds; each function changes what the next one would find.

namespace Keeps;

const FIRST = 'first';

function counts()
{
    static $count = 0;
    return $count++;
}

function several($value)
{
    static $list = array(1, 'a' => array(2)), $nothing, $text = FIRST, $sum = 2 * 3;
    $found = json_encode(array($list, $nothing, $text, $sum));
    $list['a'][] = $value;
    $list[] = $value;
    $nothing .= $value;
    $text = $value;
    $sum += 1;
    return $found;
}

function booted($value = null)
{
    static $names = array();
    if ($value !== null) {
        $names[] = $value;
    }
    return implode(',', $names);
}

function once()
{
    static $object;
    if (!$object) {
        $object = new \ArrayObject(array('made'));
    }
    return spl_object_hash($object) === spl_object_hash(once2($object)) ? count($object) : 'other';
}

function once2($object)
{
    static $seen = array();
    $seen[] = $object;
    return $seen[0];
}

function recursive($depth)
{
    static $calls = 0, $deepest = 0;
    $calls++;
    $deepest = max($deepest, $depth);
    return $depth > 0 ? recursive($depth - 1) : "$calls/$deepest";
}

function inLoop()
{
    $found = array();
    for ($round = 0; $round < 3; $round++) {
        static $last = 'none';
        $found[] = $last;
        $last = $round;
    }
    return implode(',', $found);
}

function conditional($is)
{
    $found = 'unbound';
    if ($is) {
        static $bound = 0;
        $found = $bound++;
    } else {
        $bound = 'local';
    }
    return "$found $bound";
}

function alternative($which)
{
    switch ($which) {
        case 1:
            static $one = 'one';
            $found = $one;
            $one = 'changed';
            break;
        default:
            static $other = 'other';
            $found = $other;
            $other = 'changed';
    }
    if ($which): static $third = 3; $found .= $third++; endif;
    return $found;
}

function shadowed($value)
{
    $before = $value;
    static $value = 'own';
    $found = "$before $value";
    $value = $before;
    unset($value);
    return $found . (isset($value) ? ' set' : ' unset');
}

function lateGlobal()
{
    static $name = 'static';
    $found = $name;
    $name = 'changed';
    global $name;
    $found .= $name === null ? ' null' : " $name";
    $name = null;
    return $found;
}

function generator()
{
    static $given = 0;
    while (true) {
        $given++;
        yield $given;
    }
}

function generated()
{
    $first = generator();
    $second = generator();
    $found = array($first->current(), $second->current());
    $first->next();
    $second->next();
    return implode(',', array_merge($found, array($first->current(), $second->current())));
}

function closed() { static $html = 1 ?><?php return $html++; }

function commented()
{
    static $a = 'a' /* the first */ , $b // the second
        = <<<'TEXT'
b, $c = 1;
TEXT
    ;
    $found = "$a $b";
    $a = $b = 'changed';
    return $found;
}

/** Documented. */
function makes()
{
    /** Not the closure's in PHP 5.2, but later. */
    static $made = 0;
    $closure = function () {
        static $calls = 0;
        return $calls++;
    };
    $made++;
    $reflection = new \ReflectionFunction($closure);
    return array($closure, $made, $reflection->getDocComment());
}

function closures()
{
    list($one, $made, $doc) = makes();
    list($two) = makes();
    $found = array($made, $doc, $one(), $one(), $two());
    $bound = \Closure::bind($one, null, 'Keeps\Base');
    $copy = clone $two;
    return json_encode(array_merge($found, array($bound(), $one(), $copy(), $two())));
}

/** @return \Closure the same for all requests */
function kept()
{
    static $closure;
    if ($closure === null) {
        $closure = function () {
            static $calls = 0;
            return ++$calls;
        };
    }
    return $closure;
}

function nested()
{
    $class = new Nests();
    return $class->run() . ' ' . $class->run();
}

class Nests
{
    public function run()
    {
        $inner = array_map(function ($value) {
            static $sum = 0;
            return $sum += $value;
        }, array(1, 2, 3));
        static $runs = 0;
        return ++$runs . ':' . implode(',', $inner);
    }
}

abstract class Base
{
    const NAME = 'base';

    public static $log = array();

    public function method()
    {
        static $calls = self::NAME;
        $found = $calls;
        $calls = get_class($this);
        return $found;
    }

    public static function shared()
    {
        static $count = 0;
        return get_called_class() . $count++;
    }

    public function overridden()
    {
        static $count = 10;
        return $count++;
    }

    public function __destruct()
    {
        static $gone = 0;
        self::$log[] = ++$gone;
    }
}

class One extends Base
{
    public function overridden()
    {
        static $count = 20;
        return $count++ . ' ' . parent::overridden();
    }
}

class Two extends Base
{
}

trait Counts
{
    public function counted()
    {
        static $count = 0;
        return ++$count;
    }

    public static function named()
    {
        static $name = __CLASS__, $line = __LINE__;
        $found = "$name $line";
        $name = 'changed';
        $line++;
        return $found;
    }
}

class UsesFirst
{
    use Counts;
}

class UsesSecond
{
    use Counts { counted as other; }

    public function counted()
    {
        return 'own ' . $this->other();
    }
}

function classes()
{
    $one = new One();
    $two = new Two();
    $first = new UsesFirst();
    $second = new UsesSecond();
    $found = array($one->method(), $two->method(), $one->method(), One::shared(), Two::shared(),
        One::shared(), $one->overridden(), $two->overridden(), $one->overridden(),
        $first->counted(), $second->counted(), $second->other(), UsesFirst::named(),
        UsesSecond::named(), UsesFirst::named());
    unset($one, $two);
    $found[] = Base::$log;
    Base::$log = array();
    return json_encode($found);
}

function late()
{
    return Late::shared() . ' ' . Late::shared() . ' ' . One::shared();
}

function boot()
{
    booted('boot');
    booted('again');
    kept();
    One::shared();
    // What it inherits is copied when it is declared, up to PHP 8.0.
    eval('namespace Keeps; class Late extends One {}');
}

function answer($n)
{
    $kept = kept();
    return array(
        'counts' => counts() . counts(),
        'several' => several($n) . several($n),
        'booted' => booted($n) . booted($n),
        'once' => once(),
        'recursive' => recursive(2) . recursive($n % 3),
        'inLoop' => inLoop() . inLoop(),
        'conditional' => conditional(true) . conditional(false) . conditional(true),
        'alternative' => alternative(1) . alternative(0) . alternative(1),
        'shadowed' => shadowed('x') . shadowed('y'),
        'lateGlobal' => lateGlobal() . lateGlobal(),
        'generated' => generated() . ' ' . generated(),
        'closed' => closed() . closed(),
        'commented' => commented() . commented(),
        'closures' => closures() . closures(),
        'kept' => $kept() . $kept(),
        'nested' => nested() . nested(),
        'classes' => classes() . classes(),
        'late' => late() . late(),
    );
}
