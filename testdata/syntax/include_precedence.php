<?php
$a = include 'b' or die; $c = require $d ? 1 : 2;
