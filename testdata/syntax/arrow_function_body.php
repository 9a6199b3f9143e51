<?php
$f = fn() { return 1; };
