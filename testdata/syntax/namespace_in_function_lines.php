<?php
function f() {
namespace



return 1;
}