<?php
return array('alias' => MODE_PATH . 'bare_alias.php', 'tags' => array());
