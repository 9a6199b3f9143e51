<?php
$f = function () use (list) { };
