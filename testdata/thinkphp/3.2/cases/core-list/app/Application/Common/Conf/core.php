<?php
return array(
    'config' => array(THINK_PATH . 'Conf/convention.php', CONF_PATH . 'config.php'),
    'core'   => array(THINK_PATH . 'Common/functions.php', './Gone.php', CORE_PATH . 'Hook.class.php', COMMON_PATH . 'Common/function.php', CORE_PATH . 'App.class.php'),
);
