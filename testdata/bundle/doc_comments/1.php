<?php
/** of A */
class A { /** of n */ public $n; }
/** of x */ $x = 1;
