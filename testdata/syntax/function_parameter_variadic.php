<?php
function f(...$a) { } function g(A &...$b) { }
