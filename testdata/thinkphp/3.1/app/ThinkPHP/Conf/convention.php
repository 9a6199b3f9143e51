<?php
return array(
    'APP_TAGS_ON'  => true, // behaviours
    'DEFAULT_LANG' => 'EN-us',
    'URL_MODEL'    => 1,
    'App_Groups'   => array('Home' => 'on', 'x'),
    'DB_PWD'       => '',
);
