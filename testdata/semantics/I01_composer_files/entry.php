<?php
$load = function ($key, $file) {
    if (empty($GLOBALS['__composer_autoload_files'][$key])) {
        $GLOBALS['__composer_autoload_files'][$key] = true;
        require $file;
    }
};
LOAD;
$load('0123', __DIR__ . '/a.php');
echo slug();
