<?php
return array('SITE_NAME' => 'api', 'Own' => array('x' => 1.5));
