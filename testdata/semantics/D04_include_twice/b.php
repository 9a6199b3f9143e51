<?php
include __DIR__ . '/a.php';
include __DIR__ . '/a.php';
echo $rounds, ' rounds';
