<?php
goto end;
end:
echo 2;
function g() { a: }