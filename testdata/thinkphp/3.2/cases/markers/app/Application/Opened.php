<?php
// A marker that has no other:
//[RUNTIME]
function  opened() { return 1; }
