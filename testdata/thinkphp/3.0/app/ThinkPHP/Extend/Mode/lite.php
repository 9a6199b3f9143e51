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
    'config'  => array('LITE' => true, 'URL_MODEL' => 0),
    'tags'    => array('lite_end' => array('Bye')),
);
