<?php
require_once __DIR__ . '/1.php';
require_once dirname(__FILE__) . '/1.php';
if (!include_once(__DIR__ . '/1.php')) echo 'never';
echo one(), __LINE__, basename(__DIR__ . '/x');
