<?php
// c
echo 'a';

$s = "x
y";
