<?php
spl_autoload_register(function ($name) {
    $files = ['Tree\Branch' => 'a.php', 'Tree\Twig' => 'b.php'];
    require __DIR__ . '/' . $files[$name];
});
LOAD;
