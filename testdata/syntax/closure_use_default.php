<?php
$f = function () use ($a = 1) { };
