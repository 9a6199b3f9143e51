<?php
return array(
    'APP_USE_NAMESPACE' => true,
    'default_lang'      => 'en-US',
    'URL_MODEL'         => 1,
    'Db_Params'         => array('Port' => 3306, 'x'),
    'DB_PWD'            => '',
);
