<?php
if (!function_exists('part')) { function part() { return 'bye'; } }
function leave() { return part(); }
echo leave();
