<?php
// Classes that few pages use. They stay in files of their own, outside of the
// compiled framework, and are loaded when first used.
alias_import(array(
    'Pager' => THINK_PATH . 'Lib/Think/Util/Pager.class.php',
    'Feed'  => THINK_PATH . 'Lib/Think/Util/Feed.class.php',
));
?>
