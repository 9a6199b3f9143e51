<?php
return array(
    THINK_PATH . 'Common/functions.php',
    CORE_PATH . 'Hook' . EXT,
    './Gone.php',
);
