<?php
// Constructors with an object, of which nothing is read afterwards but what they say elsewhere.
class O1 { static function say($x) { $GLOBALS['o'] = $x; } } class A1 { var $a = 1; public $b; protected $c = array('x' => 1); private $d = 'e'; function __construct($x) { $this->b = $x; $this->c['y'] = $this->a + $x; $this->new = "$this->d {$this->c['y']}"; O1::say(array($this->a, $this->b, $this->c, $this->d, $this->new)); } } new A1(5); return $GLOBALS['o'];
class A2 { var $n = 0; function __construct() { $this->up(); $this->up(2); $f = 'up'; $this->$f(3); define('A2', $this->n); } function up($by = 1) { $this->n += $by; return $this->n; } } new A2; return A2;
class A3 { var $a; function __construct() { define('A3', serialize(array(isset($this->a), isset($this->b), empty($this->a), isset($this->c['x'])))); } } $a = new A3; return A3;
class A4 { var $list = array(); function __construct() { $this->list[] = 'a'; $this->list[] = 'b'; $n = 'list'; $copy = $this->list; $copy[] = 'c'; unset($this->list[0]); $this->{$n}['k']['l'] = 1; define('A4', serialize(array($this->list, $copy, count($this->$n)))); } } new A4; return A4;
class A5 { var $a = 'x'; function __construct() { unset($this->a); $r = isset($this->a); $this->a .= 'y'; ++$this->i; $this->i++; define('A5', serialize(array($r, $this->a, $this->i))); } } $GLOBALS['a5'] = new A5; return A5;
class A6 { const K = 2; var $a = self::K; private static function twice($x) { return $x * 2; } function __construct() { define('A6', $this->twice($this->a) + self::twice(4)); } } new A6; return A6;
class A7 { var $v = array(3, 1, 2); function __construct() { sort($this->v); foreach ($this->v as $k => $x) { $this->sum += $x * $k; } $r = &$this->v[0]; $r = 9; define('A7', implode(',', $this->v) . $this->sum); } } new A7; return A7;
class A8 { var $a = 1; function __construct($a) { $this->init($a); } function init($a) { if (defined('A8') && !$this->root) { $this->root = 2; } $this->settings = array('host' => $a, 'b' => &$a); define('A8', $this->settings['host'] . $this->a); } } $a = new A8('h'); return A8;
class A9 { var $other; function __construct($n) { if ($n > 0) { $this->other = 1; new A9($n - 1); } else { $this->other = 2; } $GLOBALS['a9'][] = $this->other; } } new A9(2); return $GLOBALS['a9'];
class B1 { function __construct() { $this->f(); } } new B1; return 1;
class B2 { private function __construct() {} static function make() { $b = new B2; return 3; } } return B2::make();
class B3 { var $a = 1; function __construct() { $this['x'] = 1; } } new B3; return 1;
interface B4I { const X = 4; } class B4 implements B4I { var $a = self::X; function __construct() { define('B4', $this->a . $this->none . __CLASS__); } } new B4; return B4;
