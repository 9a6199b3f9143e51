<?php
spl_autoload_register(function ($name) { require_once __DIR__ . "/" . strtolower($name) . ".php"; });
LOAD;
echo get_parent_class("C");
