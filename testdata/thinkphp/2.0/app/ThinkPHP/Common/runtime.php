<?php
// Not compiled: what only the first request needs.
function build_runtime()
{
    require_once '/srv/builder/2.0.php';
    $builder = new Builder20();
    $builder->runtime();
}
