<?php
function glued($a)
{
    $b = $a -/* not a decrement */-1;
    if ($b)// and no blank
        return// nothing but a line break
$b;
    $c = new/**/Think;
    # a hash comment
    echo/* a doc comment is one too: */1, 1 ./**/2, 'a'#
.'b'; // two in a row
    // here

    // and there
    return  /* blanks */  /* around */  $c;
}
