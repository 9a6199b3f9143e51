<?php
function show($name) { include "tpl_$name.php"; }
show('x');
