<?php
return array(
    APP_PATH . '/Lib/Note.class.php',
    APP_PATH . '/Lib/Upper.php',
    APP_PATH . '/Lib/Blank.php',
    APP_PATH . '/Lib/Empty.php',
    APP_PATH . '/Lib/Html.php',
    APP_PATH . '/Lib/Short.php',
    APP_PATH . '/Lib/Bom.php',
);
