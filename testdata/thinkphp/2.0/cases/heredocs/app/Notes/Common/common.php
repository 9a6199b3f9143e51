<?php
function page()
{
    $name = C('SITE_NAME');
    $text = <<<EOT
  {$name}  //[RUNTIME]
    is  "here"
EOT;
    return trim(str_replace(array("\n", '[RUNTIME]'), '', $text));
}
