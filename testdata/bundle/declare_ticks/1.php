<?php
declare(ticks=1);
$x = 1;