<?php function f() { static $a = g(), $b = 1 + h(); }
