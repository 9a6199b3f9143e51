<?php
require __DIR__ . '/vendor/acme/text/bc.php';
require __DIR__ . '/vendor/acme/store/Store.php';
echo Acme\Store\Store::sum(), "\n";
