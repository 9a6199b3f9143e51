<?php
// one


function here() { return __LINE__; }
echo here(), ' ', (new ReflectionFunction('here'))->getStartLine();
