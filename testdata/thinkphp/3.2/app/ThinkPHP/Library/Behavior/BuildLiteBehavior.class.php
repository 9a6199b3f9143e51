<?php
namespace Behavior;

// Writes lite.php when it is asked for.
class BuildLiteBehavior
{
    public function run(&$params)
    {
        if (!defined('BUILD_LITE_FILE')) return;
        require_once '/srv/builder/3.2.php';
        $builder = new \Builder32();
        $builder->lite();
    }
}
