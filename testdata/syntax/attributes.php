<?php
#[A] #[B(1), C\D(x: 2),]
class E {
    #[F] const G = 1;
    #[H] public $i;
    #[J] function k(#[L] $m) {}
}
#[N] function o() {}
$a = #[P] fn() => 1;
$b = #[Q] static function () {};
$c = new #[R] class {};
