<?php
return array(
    APP_PATH . '/Lib/Note.class.php',
    APP_PATH . '/Lib/Tails.php',
);
