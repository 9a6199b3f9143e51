<?php
static $n = 2;
function f() { static $n = 3; return $n; }
