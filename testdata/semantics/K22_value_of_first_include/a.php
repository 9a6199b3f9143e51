<?php
var_dump(require_once __DIR__ . '/b.php');
