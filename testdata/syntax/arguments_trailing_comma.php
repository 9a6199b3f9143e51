<?php f($a, $b,); unset($c,); new D(1,);
