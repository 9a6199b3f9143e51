<?php return array('app_end' => array('Api\Bye'));
