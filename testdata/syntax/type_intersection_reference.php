<?php
function f(A &$a, A & $b, A &...$c, A&B &$d) { }
