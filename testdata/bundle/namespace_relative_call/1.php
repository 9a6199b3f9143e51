<?php
namespace\f();
function f() { echo 'f'; }