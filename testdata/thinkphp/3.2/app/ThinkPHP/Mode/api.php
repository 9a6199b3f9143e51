<?php
// The mode "api": parts of it are in files of their own.
return array(
    'config' => array(
        THINK_PATH . 'Conf/convention.php',
        'Api'  => MODE_PATH . 'Api/config.php', // under a name
        CONF_PATH . 'config' . CONF_EXT,
    ),
    'alias'  => MODE_PATH . 'Api/alias.php',
    'core'   => array(
        THINK_PATH . 'Common/functions.php',
        CORE_PATH . 'Hook' . EXT,
        MODE_PATH . 'Api/App' . EXT,
    ),
    'tags'   => MODE_PATH . 'Api/tags.php',
);
