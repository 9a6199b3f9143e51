<?php
$a = match($b) { default, => 2 };
