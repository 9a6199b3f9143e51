<?php
function now()
{
    $n = 1;
    return <<<'RAW'
raw $n
RAW
 . <<<"COOKED"
lost with the dot
COOKED;
}
