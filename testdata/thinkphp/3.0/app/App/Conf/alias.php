<?php
return array('Page' => LIB_PATH . 'Page.class.php');
