<?php
// A mode's App class builds less than the other.
class App
{
    function run()
    {
        //[RUNTIME]
        $builder = new Builder22();
        $builder->mode_app();
        //[/RUNTIME]
        echo 'lite ', C('SITE_NAME'), "\n";
    }
}
?>
