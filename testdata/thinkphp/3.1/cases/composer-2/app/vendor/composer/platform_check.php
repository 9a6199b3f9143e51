<?php
$issues = array();
if (!(PHP_VERSION_ID >= 50600)) {
    $issues[] = 'PHP 5.6 is needed, and this is ' . PHP_VERSION . '.';
}
if ($issues) {
    if (!headers_sent()) {
        header('HTTP/1.1 500 Internal Server Error');
    }
    trigger_error('your platform: ' . implode(' ', $issues), E_USER_ERROR);
}
