<?php
$a = A::B; $a = A::class; $a = $b::class; $a = A::LIST; $a = static::B;
