<?php
if (!defined('THINK_PATH')) exit();
// Functions that a mode may do without.
function W($name) { return /* no widgets */ $name; }
?>
