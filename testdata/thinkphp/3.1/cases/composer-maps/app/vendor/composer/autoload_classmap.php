<?php
$vendorDir = dirname(dirname(__FILE__));
$baseDir = dirname($vendorDir);
return array(
    'MappedClass' => $baseDir . '/vendor/acme/map/single.php',
);
