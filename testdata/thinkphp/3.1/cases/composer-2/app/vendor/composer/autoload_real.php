<?php
class ComposerAutoloaderInitOfACase
{
    private static $loader;

    public static function loadClassLoader($class)
    {
        if ('Composer\Autoload\ClassLoader' === $class) {
            require dirname(__FILE__) . '/ClassLoader.php';
        }
    }

    public static function getLoader()
    {
        if (null !== self::$loader) {
            return self::$loader;
        }
        require __DIR__ . '/platform_check.php';
        spl_autoload_register(array('ComposerAutoloaderInitOfACase', 'loadClassLoader'), true, true);
        self::$loader = $loader = new \Composer\Autoload\ClassLoader(\dirname(__DIR__));
        spl_autoload_unregister(array('ComposerAutoloaderInitOfACase', 'loadClassLoader'));
        require __DIR__ . '/autoload_static.php';
        call_user_func(\Composer\Autoload\ComposerStaticInitOfACase::getInitializer($loader));
        $loader->register(true);
        $requireFile = \Closure::bind(static function ($id, $file) {
            if (empty($GLOBALS['__composer_autoload_files'][$id])) {
                $GLOBALS['__composer_autoload_files'][$id] = true;
                require $file;
            }
        }, null, null);
        foreach (\Composer\Autoload\ComposerStaticInitOfACase::$files as $id => $file) {
            $requireFile($id, $file);
        }
        return $loader;
    }
}
