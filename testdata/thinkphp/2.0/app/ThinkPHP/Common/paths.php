<?php
//[RUNTIME]
define('CACHE_DIR', 'Cache');
define('HTML_DIR', 'Html');
define('CONF_DIR', 'Conf');
define('LIB_DIR', 'Lib');
define('LOG_DIR', 'Logs');
define('LANG_DIR', 'Lang');
define('TEMP_DIR', 'Temp');
define('TMPL_DIR', 'Tpl');
define('TMPL_PATH', APP_PATH . '/' . TMPL_DIR . '/');
define('HTML_PATH', APP_PATH . '/' . HTML_DIR . '/'); //
define('COMMON_PATH', APP_PATH . '/Common/'); // functions of the application
define('LIB_PATH', APP_PATH . '/' . LIB_DIR . '/');
define('CACHE_PATH', RUNTIME_PATH . CACHE_DIR . '/');
define('CONFIG_PATH', APP_PATH . '/' . CONF_DIR . '/'); //
define('LOG_PATH', RUNTIME_PATH . LOG_DIR . '/');
define('LANG_PATH', APP_PATH . '/' . LANG_DIR . '/');
define('TEMP_PATH', RUNTIME_PATH . TEMP_DIR . '/');
define('DATA_PATH', RUNTIME_PATH . 'Data/');
define('VENDOR_PATH', THINK_PATH . '/Vendor/');
//[/RUNTIME]
// Libraries of others are found without a path.
set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);
?>
