<?php
if (function_exists('shout')) { echo 'there already'; return; }
function shout() { return '!'; }
echo 'not reached';
