<?php
function f(&$a = A, $b = \A\B, $c = namespace\C) { }
