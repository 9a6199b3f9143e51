<?php
$f = static fn() => 1;
