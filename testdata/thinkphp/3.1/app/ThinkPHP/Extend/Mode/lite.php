<?php
// The mode "lite".
return array(
    'core'    => array(
        THINK_PATH . 'Common/functions.php',
        MODE_PATH . 'Lite/Gone.class.php', // is skipped
        MODE_PATH . 'Lite/App.class.php',
    ),
    'alias'   => array('Db' => MODE_PATH . 'Lite/Db.class.php'),
    'extends' => MODE_PATH . 'Lite/tags.php',
    'config'  => MODE_PATH . 'Lite/config.php',
    'tags'    => array('lite_end' => array('Bye')),
);
