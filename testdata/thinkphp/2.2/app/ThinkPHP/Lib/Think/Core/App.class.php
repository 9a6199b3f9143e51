<?php
class App
{
    function run()
    {
        //[RUNTIME]
        App::build();
        //[/RUNTIME]
        Log::record(C('SITE_NAME'));
        echo function_exists('page') ? page() : APP_NAME, "\n";
    }
    //[RUNTIME]
    static function build()
    {
        $builder = new Builder22();
        $builder->app();
    }
    //[/RUNTIME]
}
?>
