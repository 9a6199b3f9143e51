<?php
return array('app_begin' => array('Home\Login', 'key' => 'Home\Log'), 'app_end' => array('Home\Bye'));
