<?php
require_once '1.php';
include 'other.php';
include __DIR__ . '/1.php';
echo one();
