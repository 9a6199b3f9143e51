<?php
$a = match($b) { default => 1, default => 2 };
