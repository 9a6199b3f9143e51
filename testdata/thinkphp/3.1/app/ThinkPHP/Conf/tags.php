<?php
// Which behaviours of the framework run when.
return array(
    'app_begin' => array(),
    'app_end'   => array(
        'ShowRuntime', // by name
    ),
);
