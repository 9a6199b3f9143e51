<?php
// Not compiled: what only the first request needs.
require_once '/srv/builder/2.2.php';
$builder = new Builder22();
$builder->runtime();
