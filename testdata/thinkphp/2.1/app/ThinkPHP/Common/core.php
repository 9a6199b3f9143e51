<?php
// What is compiled unless a mode or an application has a list of its own.
return array(
    THINK_PATH . '/Common/functions.php',
    THINK_PATH . '/Lib/Think/Core/Think.class.php',
    THINK_PATH . '/Lib/Think/Core/Log.class.php',
    THINK_PATH . '/Lib/Think/Core/App.class.php', // loads the application
    THINK_PATH . '/Common/alias.php',
);
?>
