<?php
function f(1 $a) { }
