<?php
return array('SITE_NAME' => 'tags off', 'app_tags_on' => false);
