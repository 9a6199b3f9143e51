<?php
$vendorDir = dirname(dirname(__FILE__));
$baseDir = dirname($vendorDir);
return array(
    'Old_' => array($vendorDir . '/acme/old'),
);
