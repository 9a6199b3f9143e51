<?php
$settings = include __DIR__ . '/a.php';
echo $settings['host'], ':', $settings['port'];
