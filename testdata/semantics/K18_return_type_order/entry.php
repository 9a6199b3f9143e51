<?php
spl_autoload_register(function ($name) { $file = __DIR__ . '/' . strtolower($name) . '.php'; if (is_file($file)) require_once $file; });
LOAD;
echo get_class(new B);
