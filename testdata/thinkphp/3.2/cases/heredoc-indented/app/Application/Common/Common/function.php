<?php
function title()
{
    $text = <<<EOT
      one
        two
      EOT . 'lost';
    return $text;
}
function raw() { return <<<'RAW'
    $raw
    RAW; }
