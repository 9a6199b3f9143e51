<?php
// Not compiled: what only the first request needs.
function build_runtime()
{
    require_once '/srv/builder/2.1.php';
    $builder = new Builder21();
    $builder->runtime();
}
