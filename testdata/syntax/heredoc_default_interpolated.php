<?php
function f($a = <<<A
x $b
A
) { }
