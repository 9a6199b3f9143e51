<?php
$x = <<<'A'
    $a
b
\u{zz}
		  
  A