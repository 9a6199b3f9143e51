<?php
$f = strlen($a, ...);
