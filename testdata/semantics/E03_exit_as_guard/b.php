<?php
defined('ROOT') || define('ROOT', __DIR__);
echo 'start, ';
