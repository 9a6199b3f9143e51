<?php
namespace Acme\Tools;

class Names extends Base
{
    const KIND = 'psr-4';

    public static function all() { return implode(',', array(self::KIND, static::LEVEL, __CLASS__)); }
}
