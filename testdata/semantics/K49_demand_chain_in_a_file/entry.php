<?php
spl_autoload_register(function ($class) {
    $map = ['N\C' => 'N/C', 'N\C2' => 'N/C', 'N\C3' => 'N/C', 'N\C4' => 'N/C', 'P' => 'P'];
    $file = __DIR__ . '/lib/' . $map[$class] . '.php';
    if (is_file($file)) {
        require_once $file;
    }
});
LOAD;
