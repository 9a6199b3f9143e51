<?php new class {}; new class(1) extends A implements B { use C; public $d; };
