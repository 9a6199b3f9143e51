<?php
function f($a = new A(1, b: 2)) { } static $x = new B;
