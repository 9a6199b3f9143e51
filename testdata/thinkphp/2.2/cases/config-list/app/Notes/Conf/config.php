<?php
return array(
    'SITE_NAME'       => 'lists',
    'notes'           => array('of config.php'),
    'APP_CONFIG_LIST' => array('Gone', 'Menu', 'routes', 'my.notes'),
);
