<?php
if (!defined('THINK_PATH')) exit();
return array(
    'APP_DEBUG'        => false, // an application says so itself
    'APP_CONFIG_LIST'  => 'routes,tags,htmls,modules,actions',
    'DEFAULT_TIMEZONE' => 'PRC',
    'Log_Level'        => array('ERROR', 'Warn' => 'on'),
    'DB_PORT'          => '',
    'URL_MODEL'        => 1,
    'TMPL_L_DELIM'     => '{',
);
