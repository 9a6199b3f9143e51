<?php
function f($a = array(1, 'b' => -2), $b = [1], $c = A::B) { }
