<?php
defined('THINK_PATH') or exit();
return array(
    'Model' => CORE_PATH . 'Core/Model.class.php',
    'Db'    => CORE_PATH . 'Core/Db.class.php',
);
