<?php
register_shutdown_function(function () { echo ' and out'; });
echo 'in';
if (PHP_VERSION_ID) exit;
