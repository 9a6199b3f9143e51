<?php
if (!defined('THINK_PATH')) exit();
return array(
    'Model' => CORE_PATH . 'Core/Model.class.php',
    'Db'    => CORE_PATH . 'Core/Db.class.php',
);
