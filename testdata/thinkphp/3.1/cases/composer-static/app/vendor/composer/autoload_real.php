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
        $useStatic = PHP_VERSION_ID >= 50600 && !defined('HHVM_VERSION') && (!function_exists('zend_loader_file_encoded') || !zend_loader_file_encoded());
        if ($useStatic) {
            require_once __DIR__ . '/autoload_static.php';
            call_user_func(\Composer\Autoload\ComposerStaticInitOfACase::getInitializer($loader));
        } else {
            $loader->addClassMap(require __DIR__ . '/autoload_classmap.php');
        }
        $loader->register(true);
        $files = $useStatic ? Composer\Autoload\ComposerStaticInitOfACase::$files : array();
        foreach ($files as $id => $file) {
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
