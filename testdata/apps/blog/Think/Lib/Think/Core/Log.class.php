<?php
/**
 * Keeps messages until the end of the request, then writes those of the
 * levels that LOG_LEVEL names.
 *
 * This file has CRLF line ends and a closing tag.
 */
class Log
{
    const ERR   = 'ERR';
    const WARN  = 'WARN';
    const DEBUG = 'DEBUG';

    public static $lines = array();

    public static function record($message, $level = self::ERR)
    {
        if (in_array($level, explode(',', (string) C('LOG_LEVEL')))) {
            self::$lines[] = "{$level}: {$message}\r\n";
        }
    }

    public static function save()
    {
        if (self::$lines && C('LOG_RECORD') && is_dir(LOG_PATH)) {
            error_log(implode('', self::$lines), 3, LOG_PATH . 'blog.log');
        }
        self::$lines = array();
    }
}
?>
