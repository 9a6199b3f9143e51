<?php
defined('THINK_PATH') or exit();
// Functions that a mode may do without.
function W($name) { return /* no widgets */ $name; }
?>
