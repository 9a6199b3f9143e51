<?php
return array(
    'SITE_NAME' => 'values',
    'floats'    => array(0.1, 5.0, 1e25, 1.5e-7, 1 / 3, -2.5, 100000000000000000000.0),
    'ints'      => array(-1, 0, 0x7f, 017, 2147483647, 2147483648, PHP_INT_MAX, -PHP_INT_MAX - 1),
    'keys'      => array('5' => 'five', '05' => 'text', -3 => 'minus', 1.7 => 'one', true => 'also one', null => 'empty'),
    'strings'   => array("a\0b", "q'q", 'b\\', "t\tn\n", "\r\n", '$x {$y}', "\x80"),
    'others'    => array(true, false, null, array(), array(array())),
    8           => 'renumbered',
    'TWICE'     => 1,
    'twice'     => 2, // where the first one was
);
