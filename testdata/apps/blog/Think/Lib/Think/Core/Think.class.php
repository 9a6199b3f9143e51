<?php
/**
 * The root of the framework's classes, and the autoloader.
 */
class Think
{
    /**
     * Finds a class that no list has named: first among the aliases, then by
     * its name among the actions and models of the application.
     */
    public static function autoload($class)
    {
        $file = alias_import($class);
        if ($file === false && preg_match('/^[A-Z]\w*(Action|Model)$/', $class, $match)) {
            $file = LIB_PATH . $match[1] . '/' . $class . '.class.php';
        }
        if ($file !== false && is_file($file)) {
            require $file;
        }
    }

    /** Shows what nobody caught. */
    public static function appException($exception)
    {
        $code = $exception->getCode() == 404 ? 404 : 500;
        Log::record($exception->getMessage(), Log::ERR);
        Log::save();
        if (!headers_sent()) {
            http_response_code($code);
            header('Content-Type: text/html; charset=utf-8');
        }
        ThinkException::page($code, C('SHOW_ERROR_MSG') ? $exception->getMessage() : '');
    }
}

spl_autoload_register(array('Think', 'autoload'));
