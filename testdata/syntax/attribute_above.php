<?php
#[A]
function f() { }
#[A(1, 2)]
class B { }
