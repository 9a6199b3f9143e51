<?php
$up = 0;
loop: $up += 2; if ($up < 6) goto loop;
