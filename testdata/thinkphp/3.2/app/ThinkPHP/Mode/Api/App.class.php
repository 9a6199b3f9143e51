<?php
/**
 * A comment before a namespace does no harm.
 */
namespace Think;

use Think\Hook as Tags;

class App
{
    static public function run()
    {
        echo 'api ', C('SITE_NAME'), count(Tags::get()), "\n";
    }
}
?>
