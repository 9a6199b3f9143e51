<?php
spl_autoload_register(function ($class) {
    $file = __DIR__ . '/lib/' . strtr($class, '\\', '/') . '.php';
    if (is_file($file)) {
        require $file;
    }
});
LOAD;
echo get_class(new N\T), ' ', (new N\T)->name(), ' ', t_name(new N\T), ' ', M\t_name(), "\n";
echo get_class(new N\U), ' ', u_name(), ' ', get_parent_class('M\V'), "\n";
