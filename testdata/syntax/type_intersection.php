<?php
function f(A&B $a, A&\B\C &$b, A&B ...$c): A&B { }
