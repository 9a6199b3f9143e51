<?php
#[A]
function f(#[B] $b) {}
# [c]
#