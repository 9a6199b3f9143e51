<?php
/**
 * Constants that hold for the whole request.
 *
 * This file has CRLF line ends, as files written on Windows do.
 */

//[RUNTIME]
// A compiled application has been tried on its PHP before; sources have not.
if (version_compare(PHP_VERSION, '5.3.0', '<')) {
    exit('This blog needs PHP 5.3 or later, and this is ' . PHP_VERSION);
}
//[/RUNTIME]

define('THINK_VERSION', '2.1-alike');

// "/index.php", or "/blog/index.php" when the blog lives in a folder.
define('_PHP_FILE_', $_SERVER['SCRIPT_NAME']);
define('__ROOT__', rtrim(str_replace('\\', '/', dirname(_PHP_FILE_)), '/'));
define('IS_CLI', PHP_SAPI === 'cli' ? 1 : 0);
