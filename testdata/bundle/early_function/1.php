<?php
echo function_exists('later') ? 'yes' : 'no';
function later_on() { return function_exists('last'); }
