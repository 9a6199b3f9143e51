<?php
echo 'b';
//[RUNTIME]  
if (1) {
}
echo 'gone'; //[/RUNTIME]
echo <<<X
//[RUNTIME]
X;
