<?php
// A mode's App class builds less than the other.
class App
{
    function run()
    {
        //[RUNTIME]
        if (defined('RUNTIME_MODEL')) {
        } elseif (is_file(RUNTIME_PATH . '~app.php')) {
            C(include RUNTIME_PATH . '~app.php');
        } else {
            require_once '/srv/builder/2.1.php';
            $builder = new Builder21();
            $builder->mode_app();
        }
        //[/RUNTIME]
        echo 'lite ', C('SITE_NAME'), "\n";
    }
}
?>
