<?php
class App
{
    static public function run()
    {
        foreach ((array) C('extends') as $behaviours) {
            foreach ($behaviours as $key => $name) {
                $class = is_int($key) ? $name . 'Behavior' : $key . 'Behavior';
                $behaviour = new $class();
                $behaviour->run($name);
            }
        }
        echo L('welcome'), ' ', function_exists('title') ? title() : C('site_name'), "\n";
    }
}
?>
