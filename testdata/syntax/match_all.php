<?php
$a = match($b) { 1, 2 => 'x', f() => throw $e, default => match(true) { }, };
