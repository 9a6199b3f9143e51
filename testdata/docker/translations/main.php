<?php
class Amount extends NumberFormatter
{
}
$format = new Amount('en_US', NumberFormatter::DECIMAL);
echo $format->format(1), normalizer_normalize('a'), "\n";
