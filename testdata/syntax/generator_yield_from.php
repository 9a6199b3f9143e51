<?php
function f() { yield from g(); $x = yield  from [1]; }
