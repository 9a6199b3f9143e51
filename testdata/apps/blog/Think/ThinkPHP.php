<?php
/**
 * The boot file: loads the compiled framework if there is one, else its files
 * one by one.
 *
 * Either way this happens in the scope of the entry script, so that both see
 * the same variables.
 */
if (!defined('RUNTIME_PATH')) {
    define('RUNTIME_PATH', APP_PATH . 'Runtime/');
}

if (!APP_SOURCES && is_file(RUNTIME_PATH . '~runtime.php')) {
    require RUNTIME_PATH . '~runtime.php';
} else {
    require THINK_PATH . 'Common/defines.php';
    require THINK_PATH . 'Common/paths.php';
    foreach (require THINK_PATH . 'Common/core.php' as $file) {
        require $file;
    }
    unset($file);
}
