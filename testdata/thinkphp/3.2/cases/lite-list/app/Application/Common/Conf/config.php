<?php
return array('SITE_NAME' => 'lite', 'RUNTIME_LITE_FILE' => './lite.php');
