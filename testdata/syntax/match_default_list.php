<?php
$a = match($b) { default, 1 => 2 };
