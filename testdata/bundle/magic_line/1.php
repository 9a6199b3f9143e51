<?php


echo __LINE__.'x', __LINE__ ,' ';
function f() { return __line__; }
