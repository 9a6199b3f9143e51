<?php
$down = 9;
loop: $down -= 3; if ($down > 3) goto loop;
echo $up, ' ', $down;
