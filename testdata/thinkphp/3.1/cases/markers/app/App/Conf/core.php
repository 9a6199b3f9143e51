<?php
return array(LIB_PATH . 'Opened.php', LIB_PATH . 'Closed.php', LIB_PATH . 'Guards.php');
