<?php
$x = <<<A
   {$f("z
 q")}
		{$e["f"]}
  g
 	  
 	A, 2;