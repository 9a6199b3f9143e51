<?php new ('A' . 'B')(1); $a instanceof ('C'); new $a->b['c']::$d(1); new static; new A::$b;
