<?php
function title()
{
    $name = C('site_name');
    $text = <<<EOT
  {$name}
    is  "here"
EOT;
    $text .= <<<  "NOTE"
//not a comment
NOTE
    ;
    return strlen($text) . ends();
}
function ends() { return <<<A
A;
}
