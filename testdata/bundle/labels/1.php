<?php
goto end;
end:
echo 1;
function f() { a: }
$x = 1 ? PHP_EOL : 2;