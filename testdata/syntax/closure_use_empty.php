<?php
$f = function () use () { };
