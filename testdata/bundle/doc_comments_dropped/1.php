<?php
/** of A */
class A {}
/** of x */ $x = 1;
