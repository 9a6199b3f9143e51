<?php
spl_autoload_register(function ($class) {
    foreach (['N\A' => 'a', 'B' => 'b'] as $name => $file) {
        if ($name === $class && is_file(__DIR__ . "/$file.php")) {
            require __DIR__ . "/$file.php";
        }
    }
});
LOAD;
echo N\A::NAME, "\n", N\helper(), "\n", count(class_uses('B')), "\n";
