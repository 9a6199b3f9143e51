<?php
// Only what each image of PHP has.
echo json_encode(array_map('strtoupper', ['a'])), mb_strlen('é'), ctype_digit('1') ? 1 : 0, "\n";
