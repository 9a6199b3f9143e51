<?php
// Not compiled: what only the first request needs.
load_think_mode();

function load_think_mode()
{
    require_once '/srv/builder/2.2.php';
    $builder = new Builder22();
    $builder->runtime();
}
