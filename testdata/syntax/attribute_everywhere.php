<?php
#[A] function f(#[B] $x) { }
#[A, B(1), C(x: 1),] class X {
    #[A] const Y = 1;
    #[A] public $z;
    #[A] function f() { }
}
#[A] interface I { }
#[A] trait T { }
$f = #[A] function () { };
$g = #[A] static fn() => 1;
$h = new #[A] class { };
