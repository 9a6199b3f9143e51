<?php
return array(
    LIB_PATH . 'Gone.class.php',
    LIB_PATH . 'Page.class.php',
    'seven' => LIB_PATH . 'Pager.class.php',
);
