<?php
// The list of the mode "lite".
return array(
    THINK_PATH . '/Common/functions.php',
    THINK_PATH . '/Lib/Think/Core/Think.class.php',
    THINK_PATH . '/Mode/Lite/App.class.php',
    THINK_PATH . '/Common/alias.php',
);
?>
