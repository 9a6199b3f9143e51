<?php
function page()
{
    $name = C('SITE_NAME');
    $text = <<<EOT
  {$name}
    is  "here"
EOT;
    $more = <<<  NOTE
//not a comment
NOTE
    ;
    return strlen($text . $more) . heredoc_at_end();
}
function heredoc_at_end() { return <<<A
A;
}
