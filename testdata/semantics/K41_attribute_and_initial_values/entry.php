<?php
spl_autoload_register(function ($class) {
    if ($class === 'A' && is_file(__DIR__ . '/a.php')) {
        require __DIR__ . '/a.php';
    }
});
LOAD;
echo A::X, (new A)->value, A::$static, (new A)->object->name, "\n";
