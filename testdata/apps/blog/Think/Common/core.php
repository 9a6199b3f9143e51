<?php
// What the framework consists of, in the order of loading. tilde.toml lists
// the same files: keep the two alike.
return array(
    THINK_PATH . 'Common/functions.php',
    THINK_PATH . 'Common/convention.php',
    THINK_PATH . 'Lib/Think/Core/Think.class.php',
    THINK_PATH . 'Lib/Think/Core/ThinkException.class.php',
    THINK_PATH . 'Lib/Think/Core/Log.class.php',
    THINK_PATH . 'Lib/Think/Core/Dispatcher.class.php',
    THINK_PATH . 'Lib/Think/Core/App.class.php',
    THINK_PATH . 'Lib/Think/Core/Model.class.php',
    THINK_PATH . 'Lib/Think/Core/Action.class.php',
    THINK_PATH . 'Lib/Think/Core/View.class.php',
    THINK_PATH . 'Common/alias.php',
);
