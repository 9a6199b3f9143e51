<?php switch ($a) { case 1; case 2: echo 1; break; default: echo 2; } switch ($a) {; case 1 ?> x <?php } switch ($b) {}
