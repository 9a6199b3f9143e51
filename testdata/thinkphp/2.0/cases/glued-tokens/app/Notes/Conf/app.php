<?php
return array(
    APP_PATH . '/Lib/Note.class.php',
    APP_PATH . '/Lib/Glued.php',
    APP_PATH . '/Lib/Trailing.php',
    APP_PATH . '/Lib/Swallowed.php',
    APP_PATH . '/Lib/Last.php',
);
