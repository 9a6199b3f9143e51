<?php
alias_import(array(
    'View'   => THINK_PATH . '/Lib/Think/Core/View.class.php',
    'Action' => THINK_PATH . '/Lib/Think/Core/Action.class.php',
));
?>
