<?php
class Log extends Think
{
    static $lines = array();

    static function record($line /* no level yet */)
    {
        self::$lines[] = "[ {$line} ]";   // written at the end
    }
}
