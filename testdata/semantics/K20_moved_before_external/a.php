<?php
require __DIR__ . '/x_ext.php';
require_once __DIR__ . '/lib.php';
echo get_parent_class('L');
