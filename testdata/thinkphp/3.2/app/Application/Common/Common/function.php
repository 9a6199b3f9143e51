<?php
// Functions of the application.
function title()
{
    return  ' / '  .  <<<EOT
"home"
EOT;
}
