<?php
// Where the parts of an application are. An entry script may define any of
// these first.
if (!defined('CONFIG_PATH'))    define('CONFIG_PATH', APP_PATH . 'Conf/');
if (!defined('COMMON_PATH'))    define('COMMON_PATH', APP_PATH . 'Common/');
if (!defined('LANG_PATH'))      define('LANG_PATH', APP_PATH . 'Lang/');
if (!defined('LIB_PATH'))       define('LIB_PATH', APP_PATH . 'Lib/');
if (!defined('TMPL_PATH'))      define('TMPL_PATH', APP_PATH . 'Tpl/');
if (!defined('DATA_PATH'))      define('DATA_PATH', APP_PATH . 'Data/');
if (!defined('LOG_PATH'))       define('LOG_PATH', RUNTIME_PATH . 'Logs/');

//[RUNTIME]
// Directories are made while developing only; a deployment brings its own.
foreach (array(RUNTIME_PATH, LOG_PATH) as $directory) {
    if (!is_dir($directory) && is_writable(dirname($directory))) {
        mkdir($directory, 0755);
    }
}
unset($directory);
//[/RUNTIME]
