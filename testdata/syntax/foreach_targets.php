<?php foreach ($a as $k => &$v) {} foreach ($a as $b->c => $d['e']) {} foreach (f() as A::$b);
