<?php
declare(ticks=1);
$GLOBALS['ticks'] = 0;
register_tick_function(function () { $GLOBALS['ticks']++; });
$noise = 1;
