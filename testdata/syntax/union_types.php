<?php function f(int|string|null $a): A|false {} try {} catch (B|C $d) {}
