<?php
//[RUNTIME]
define('COMMON_PATH', APP_PATH . '/Common/');
define('CONFIG_PATH', APP_PATH . '/Conf/');
//[/RUNTIME]
define('LIB_PATH', /* no LIB_DIR */ APP_PATH . '/Lib/');
define('VENDOR_PATH', './Vendor/');
