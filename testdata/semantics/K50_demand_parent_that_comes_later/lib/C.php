<?php
class D extends C
{
    static function class_name()
    {
        return __CLASS__;
    }
}
function below()
{
}
class Plain
{
}
class C implements Countable
{
    #[ReturnTypeWillChange]
    function count()
    {
        return 0;
    }
}
