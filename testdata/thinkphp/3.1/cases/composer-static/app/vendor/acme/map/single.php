<?php
class MappedClass
{
    public static function says() { return class_exists('Nobody\Has\This') ? 'there' : 'not there'; }
}
