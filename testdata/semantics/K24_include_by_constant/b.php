<?php
define('ROOT', __DIR__);
require_once ROOT . '/a.php';
