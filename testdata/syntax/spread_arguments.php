<?php f(...$a); f(1, ...$b, ...c()); function g($d, ...$e) {} function h(A &...$f) {}
