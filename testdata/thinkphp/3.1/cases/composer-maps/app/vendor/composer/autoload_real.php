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
        spl_autoload_register(array('ComposerAutoloaderInitOfACase', 'loadClassLoader'), true, true);
        self::$loader = $loader = new \Composer\Autoload\ClassLoader();
        spl_autoload_unregister(array('ComposerAutoloaderInitOfACase', 'loadClassLoader'));
        foreach (require dirname(__FILE__) . '/autoload_namespaces.php' as $prefix => $path) {
            $loader->set($prefix, $path);
        }
        foreach (require dirname(__FILE__) . '/autoload_psr4.php' as $prefix => $path) {
            $loader->setPsr4($prefix, $path);
        }
        $map = require dirname(__FILE__) . '/autoload_classmap.php';
        if ($map) {
            $loader->addClassMap($map);
        }
        $loader->register(true);
        foreach (require dirname(__FILE__) . '/autoload_files.php' as $id => $file) {
            composerRequireOfACase($id, $file);
        }
        return $loader;
    }
}

function composerRequireOfACase($id, $file)
{
    if (empty($GLOBALS['__composer_autoload_files'][$id])) {
        require $file;
        $GLOBALS['__composer_autoload_files'][$id] = true;
    }
}
