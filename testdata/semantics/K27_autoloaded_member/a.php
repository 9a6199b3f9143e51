<?php
spl_autoload_register(function ($name) { $file = __DIR__ . "/$name.php"; if (is_file($file)) require_once $file; });
echo count(new C);
