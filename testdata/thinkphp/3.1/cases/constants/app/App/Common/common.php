<?php
define('QUOTES', 'it\'s "quoted" \\ ');
define('A_NUL', "a\0b");
define('LINES', "one\r\ntwo  // not a comment");
define('A_FALSE', false);
define('LAST_IS_NULL', null);
