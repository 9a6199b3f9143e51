<?php
function f(callable $a) { }
