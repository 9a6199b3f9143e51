<?php
spl_autoload_register(function ($name) { require __DIR__ . '/x_' . strtolower($name) . '.php'; });
require_once __DIR__ . '/lib.php';
echo implode(class_implements('L'));
