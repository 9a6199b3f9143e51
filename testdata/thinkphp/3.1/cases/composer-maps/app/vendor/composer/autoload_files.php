<?php
$vendorDir = dirname(dirname(__FILE__));
$baseDir = dirname($vendorDir);
return array(
    '0a1b' => $vendorDir . '/acme/tools/functions.php',
);
