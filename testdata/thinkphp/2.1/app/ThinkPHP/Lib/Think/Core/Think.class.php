<?php
class Think
{//the root of all classes

    // Properties are set by name.
    public function __set($name, $value)
    {
        if (property_exists($this, $name))
            $this->$name    =   $value;
    }

}//nothing follows
?>
