<?php
class App
{
    function run()
    {
        //[RUNTIME]
        if (defined('RUNTIME_MODEL')) {
            // ~allinone.php has it all.
        } elseif (is_file(RUNTIME_PATH . '~app.php') && (!is_file(CONFIG_PATH . 'config.php') || filemtime(RUNTIME_PATH . '~app.php') > filemtime(CONFIG_PATH . 'config.php'))) {
            C(include RUNTIME_PATH . '~app.php');
        } else {
            App::build();
        }
        //[/RUNTIME]
        Log::record(C('SITE_NAME'));
        echo function_exists('page') ? page() : APP_NAME, "\n";
    }

    //[RUNTIME]
    static function build()
    {
        require_once '/srv/builder/2.0.php';
        $builder = new Builder20();
        $builder->app();
    }
    //[/RUNTIME]
}
?>
