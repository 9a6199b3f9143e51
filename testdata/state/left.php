<?php
// `static` variables that cannot be put back, and work in a bundle as they do apart.

namespace Left;

function shown()
{
    static $a = 1;
    $found = json_encode(get_defined_vars());
    $a++;
    return $found;
}

function evaluated()
{
    static $b = 1;
    return eval('return count(get_defined_vars()) . $b++;');
}

function included($file)
{
    static $c = 1;
    return (include $file) . $c++;
}

function &referred()
{
    static $d = 1;
    return $d;
}

function captured()
{
    static $e = 1;
    $add = function () use (&$e) {
        return $e++;
    };
    return $add() . $add();
}

function assigned()
{
    static $f = array(1);
    $last = &$f[0];
    return $last++;
}

function looped()
{
    static $g = array(1, 2);
    foreach ($g as &$each) {
        $each++;
    }
    return implode(',', $g);
}

function unbraced($is)
{
    if ($is) static $h = 1; else $h = 10;
    return $h++;
}

static $i = 1;
$i++;

function answer()
{
    $reference = &referred();
    $reference++;
    return array(shown(), evaluated(), included($GLOBALS['folder'] . '/x_included.php'), referred(),
        captured(), assigned(), looped(), unbraced(true), unbraced(false), unbraced(true));
}
