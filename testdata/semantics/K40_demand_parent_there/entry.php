<?php
spl_autoload_register(function ($class) {
    if (is_file($file = __DIR__ . '/' . strtolower($class) . '.php')) {
        require $file;
    }
});
LOAD;
new P;
echo get_parent_class(new A), "\n", get_parent_class(new B), "\n";
