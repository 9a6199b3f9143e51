<?php
class Old_Level_Meter
{
    private static $one;
    private $value = 0;

    public static function one()
    {
        return self::$one ? self::$one : self::$one = new self;
    }

    public function up($by = 1)
    {
        $this->value += $by;
        return $this;
    }

    public function value() { return $this->value; }
}
