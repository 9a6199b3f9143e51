<?php
// one
echo  1;

function f ( ) { }