<?php
function page()
{
    $n = 1;
    return <<<'RAW'
raw n
RAW
 . <<<"COOKED"
lost with the dot
COOKED;
}
