<?php
$count = 1;
LOAD;
echo Registry::$size, ' ', $count;
