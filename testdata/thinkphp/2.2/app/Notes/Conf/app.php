<?php
// Compiled after Common/common.php.
return array(
    APP_PATH . '/Lib/Note.class.php',
);
