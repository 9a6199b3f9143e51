<?php
require __DIR__ . '/src/Thumb.php';
echo Acme\Thumb::make(8)->width(), "\n";
