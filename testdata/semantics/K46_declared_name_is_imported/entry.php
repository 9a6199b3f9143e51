<?php
spl_autoload_register(function ($class) {
    $file = __DIR__ . '/lib/' . strtr($class, '\\', '/') . '.php';
    if (is_file($file)) {
        require $file;
    }
});
LOAD;
