<?php
return array(
    'app_init' => array('_overlay' => true, 'Behavior\BuildLiteBehavior', 5 => 'Home\Five'),
    'app_end'  => array('_overlay' => false, 'k' => 'Home\K', 3 => 'Home\Three'),
    'new'      => array('Home\New'),
);
