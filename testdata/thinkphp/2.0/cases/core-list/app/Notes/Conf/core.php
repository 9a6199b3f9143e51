<?php
// Tools first, then the list.
if (!function_exists('listed')) {
    function listed() { return true; }
}
return array(
    THINK_PATH . '/Lib/Think/Core/Log.class.php',
    THINK_PATH . '/Lib/Think/Core/App.class.php',
    './Notes/Lib/Gone.class.php',
    './Notes/Lib/Extra.class.php',
);
