<?php
require_once __DIR__ . '/a.php';
class Dog extends Animal {}
echo get_parent_class('Dog');
