<?php
function f(list $a) { }
