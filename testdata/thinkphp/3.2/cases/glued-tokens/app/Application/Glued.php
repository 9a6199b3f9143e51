<?php
function glued($a)
{
    if ($a)// and no blank
        return//
$a;
    return $a -/* not a decrement */-1 . new/**/Glued;
}
