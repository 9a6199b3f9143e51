<?php
define('Mixed_Case', 'upper in the cache');
define('A_NULL', null); // its guard stays, and guards the next
define('A_FLOAT', 0.1);
define('A_WHOLE_FLOAT', 5.0);
define('A_LARGE_FLOAT', 1e25);
define('A_NEGATIVE', -7);
define('QUOTES', 'it\'s "quoted" \\ ');
define('A_NUL', "a\0b");
define('LINES', "one\r\ntwo");
define('A_FALSE', false);
