<?php
if (!defined('THINK_PATH')) exit();
class ShowRuntimeBehavior extends Behavior
{
    // Parameters and their defaults.
    protected $options = array( 'SHOW_RUN_TIME' => false );

    public function run(&$params) { G('end'); }
}
