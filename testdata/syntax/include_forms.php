<?php include 'a' . 'b' or die; $a = require_once __DIR__ . '/c'; (include_once 'd')['e']; require('f');
