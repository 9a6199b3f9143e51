<?php
namespace Think\Storage\Driver;
class File
{
    public function has($file) { return is_file($file); }
    public function load($file) { include $file; }
}
