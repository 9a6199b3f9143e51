<?php
return array('version' => THINK_VERSION, 'levels' => array('x'), 'SITE_NAME' => 'base');
