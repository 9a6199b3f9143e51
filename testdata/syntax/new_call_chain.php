<?php
new $a();  new $a::$b; new $a::$b['c']->d();
