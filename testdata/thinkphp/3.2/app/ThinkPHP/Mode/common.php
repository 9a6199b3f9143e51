<?php
// The mode "common": what an application is made of.
return array(
    'config' => array(
        THINK_PATH . 'Conf/convention.php',
        CONF_PATH . 'config' . CONF_EXT,
    ),
    'alias'  => array(
        'Think\Log'   => CORE_PATH . 'Log' . EXT,
        'Think\Model' => CORE_PATH . 'Model' . EXT,
    ),
    'core'   => array(
        THINK_PATH . 'Common/functions.php',
        COMMON_PATH . 'Common/function.php',
        CORE_PATH . 'Hook' . EXT,
        CORE_PATH . 'App' . EXT,
        CORE_PATH . 'Route' . EXT, // is not there
        BEHAVIOR_PATH . 'BuildLiteBehavior' . EXT,
    ),
    'tags'   => array(
        'app_init' => array('Behavior\BuildLiteBehavior'),
        'app_end'  => array(),
    ),
);
