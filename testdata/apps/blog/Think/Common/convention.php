<?php
// What holds unless the application's Conf/config.php says otherwise.
C(array(
    'URL_MODEL'       => 1,               // 0: ?s=/post/3, 1: /index.php/post/3
    'VAR_PATHINFO'    => 's',
    'DEFAULT_MODULE'  => 'Index',
    'DEFAULT_ACTION'  => 'index',
    'EMPTY_MODULE'    => 'Empty',
    'URL_ROUTES'      => array(),         // pattern => array(module, action, names…)
    'DEFAULT_CHARSET' => 'utf-8',
    'DEFAULT_TIMEZONE'=> 'UTC',
    'TMPL_SUFFIX'     => '.html',
    'TMPL_LAYOUT'     => 'layout',
    'LOG_RECORD'      => false,
    'LOG_LEVEL'       => 'ERR,WARN',
    'SHOW_ERROR_MSG'  => true,
));
