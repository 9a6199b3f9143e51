<?php
function f() { static $a = g(), $b = $c; }
