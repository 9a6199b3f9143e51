<?php
spl_autoload_register(function ($class) {
    $file = __DIR__ . '/lib/C.php';
    if ($class === 'D' && is_file($file)) {
        require_once $file;
    }
});
LOAD;
