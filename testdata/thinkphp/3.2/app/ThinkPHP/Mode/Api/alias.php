<?php return array('Think\Model' => MODE_PATH . 'Api/Model' . EXT);
