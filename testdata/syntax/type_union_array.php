<?php
function f(array|callable $a): iterable|object { }
