<?php
namespace Think;

class App
{
    static public function run()
    {
        Hook::listen('app_init');
        echo L('welcome'), ' ', C('site_name'), title(), "\n";
    }
}
?>
