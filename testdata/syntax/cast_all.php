<?php
$a = (int) $b . (integer) $b . (bool) $b . (boolean) $b . (float) $b . (double) $b
    . (string) $b . (array) $b . (object) $b . (binary) $b;
