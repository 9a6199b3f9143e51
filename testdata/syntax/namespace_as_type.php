<?php
function f(
namespace
$a) {}
