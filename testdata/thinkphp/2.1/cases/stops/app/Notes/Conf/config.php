<?php
$site = require './site.inc.php';
return array_merge($site, array('SITE_NAME' => 'Notes'));
