<?php
function f(int $a, string ...$b) { }
