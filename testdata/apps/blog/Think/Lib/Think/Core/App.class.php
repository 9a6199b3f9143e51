<?php
/**
 * The application: reads its configuration and runs one action.
 */
class App
{
    public static function run()
    {
        set_exception_handler(array('Think', 'appException'));
        self::init();
        list($module, $action, $arguments) = Dispatcher::dispatch(Dispatcher::path());
        self::exec($module, $action, $arguments);
        Log::save();
    }

    /**
     * Loads the compiled application if it is there and no older than the
     * configuration, else the files of the application.
     */
    public static function init()
    {
        $cache = RUNTIME_PATH . '~app.php';
        $cached = is_file($cache) && filemtime($cache) >= filemtime(CONFIG_PATH . 'config.php');
        //[RUNTIME]
        // Asked to run from the sources: the cache might as well not be there.
        if (APP_SOURCES) {
            $cached = false;
        }
        //[/RUNTIME]
        if ($cached) {
            C(require $cache);
        } else {
            self::load();
        }
        date_default_timezone_set(C('DEFAULT_TIMEZONE'));
    }

    /** Loads the application file by file, in the order of the compiled one. */
    private static function load()
    {
        require COMMON_PATH . 'common.php';
        foreach (require CONFIG_PATH . 'app.php' as $file) {
            require $file;
        }
        C(require CONFIG_PATH . 'config.php');
    }

    /** Runs an action, or the empty module's when there is none of that name. */
    public static function exec($module, $action, $arguments)
    {
        $class = $module . 'Action';
        if (!preg_match('/^[A-Z]\w*$/D', $module) || !class_exists($class) || !self::has($class, $action)) {
            Log::record("no such page: {$module}/{$action}", Log::WARN);
            $class = C('EMPTY_MODULE') . 'Action';
            $action = 'index';
        }
        $object = new $class($arguments);
        $object->$action();
    }

    /** An action is a public method that the framework's own class lacks. */
    private static function has($class, $action)
    {
        $actions = array_diff(get_class_methods($class), get_class_methods('Action'));
        return in_array(strtolower($action), array_map('strtolower', $actions));
    }
}
