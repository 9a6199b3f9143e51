<?php
A::$a; A::$$b; A::${'c'}; $d::$e; A::$f['g']; static::$h; A::$i::$j;
