<?php
require __DIR__ . '/src/Money.php';
echo total('1', '2'), "\n";
