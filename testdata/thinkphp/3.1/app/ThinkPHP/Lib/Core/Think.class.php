<?php
class Think
{
    static public function start()
    {
        spl_autoload_register(array('Think', 'autoload'));
        //[RUNTIME]
        Think::buildApp();
        //[/RUNTIME]
        App::run();
        return ;
    }

    static public function autoload($class)
    {
        $file = CORE_PATH . 'Behavior/' . $class . '.class.php';
        if (is_file($file)) require $file;
    }

    //[RUNTIME]
    static private function buildApp()
    {
        $builder = new Builder31();
        $builder->app();
    }
    //[/RUNTIME]
}
