<?php
// one
echo 'a'; /* two */ echo  'b';


function f() {
    return 1;
}
