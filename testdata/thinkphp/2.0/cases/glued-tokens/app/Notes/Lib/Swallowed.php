<?php function swallowed() { return 2; }
function not_swallowed() { return 3; }
// this ends with a closing tag ?>
