<?php
class App
{
    static public function run() { echo 'lite ', C('site_name'), C('url_model'), "\n"; }
}
