<?php
namespace A;
function f() { return __FUNCTION__; }
