<?php
$a = !(int) -(bool) @$b ** 2;
