<?php
//[RUNTIME]
require 'gone.php';
//[/RUNTIME]
echo '//[RUNTIME]', "//[/RUNTIME]", 'a';
// [RUNTIME]
