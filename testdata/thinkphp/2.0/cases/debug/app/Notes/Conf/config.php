<?php
return array(
    'SITE_NAME' => 'debugged',
    'notes'     => array(),
    'app_debug' => true,
);
