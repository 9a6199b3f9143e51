<?php
list($a, &$b, 'c' => &$d) = $e;
