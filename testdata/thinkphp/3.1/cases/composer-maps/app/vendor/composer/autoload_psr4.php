<?php
$vendorDir = dirname(dirname(__FILE__));
$baseDir = dirname($vendorDir);
return array(
    'Acme\\Tools\\' => array($vendorDir . '/acme/tools/src'),
);
