<?php
/** a */ class A { /** b */ const B = 1; /** c */ public $c; /** d */ function e(/** f */ $g) { } }
