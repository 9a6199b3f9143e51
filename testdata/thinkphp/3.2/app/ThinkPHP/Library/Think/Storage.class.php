<?php
namespace Think;
class Storage
{
    static private $driver;

    static public function connect($type)
    {
        $class = 'Think\\Storage\\Driver\\' . $type;
        self::$driver = new $class();
    }

    static public function __callStatic($method, $arguments)
    {
        return call_user_func_array(array(self::$driver, $method), $arguments);
    }
}
