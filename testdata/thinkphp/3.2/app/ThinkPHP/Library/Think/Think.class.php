<?php
namespace Think;
// Starts the application.
class Think {
    private static $map = array();

    static public function start() {
        spl_autoload_register('Think\Think::autoload');
        Storage::connect(STORAGE_TYPE);
        $runtimefile  = RUNTIME_PATH.APP_MODE.'~runtime.php';
        if (!APP_DEBUG && Storage::has($runtimefile)) {
            Storage::load($runtimefile);
        } else {
            require_once '/srv/builder/3.2.php';
            $builder = new \Builder32();
            $builder->start();
        }
        if(APP_STATUS && is_file(CONF_PATH.APP_STATUS.CONF_EXT))
            C(include CONF_PATH.APP_STATUS.CONF_EXT);
        App::run();
    }

    static public function addMap($class, $map = '') {
        if (is_array($class)) self::$map = array_merge(self::$map, $class);
        else self::$map[$class] = $map;
    }

    static public function getMap() { return self::$map; }

    public static function autoload($class) {
        $file = isset(self::$map[$class]) ? self::$map[$class] : LIB_PATH . str_replace('\\', '/', $class) . EXT;
        if (is_file($file)) include $file;
    }
}
