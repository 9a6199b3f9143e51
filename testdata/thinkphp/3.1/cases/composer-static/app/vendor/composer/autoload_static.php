<?php
namespace Composer\Autoload;

class ComposerStaticInitOfACase
{
    public static $files = array(
        '0a1b' => __DIR__ . '/..' . '/acme/tools/functions.php',
    );
    public static $prefixLengthsPsr4 = array('A' => array('Acme\\Tools\\' => 11));
    public static $prefixDirsPsr4 = array(
        'Acme\\Tools\\' => array(0 => __DIR__ . '/..' . '/acme/tools/src'),
    );
    public static $prefixesPsr0 = array('O' => array('Old_' => array(0 => __DIR__ . '/..' . '/acme/old')));
    public static $classMap = array('MappedClass' => __DIR__ . '/..' . '/acme/map/single.php');

    public static function getInitializer(ClassLoader $loader)
    {
        return \Closure::bind(function () use ($loader) {
            $loader->prefixLengthsPsr4 = ComposerStaticInitOfACase::$prefixLengthsPsr4;
            $loader->prefixDirsPsr4 = ComposerStaticInitOfACase::$prefixDirsPsr4;
            $loader->prefixesPsr0 = ComposerStaticInitOfACase::$prefixesPsr0;
            $loader->classMap = ComposerStaticInitOfACase::$classMap;
        }, null, ClassLoader::class);
    }
}
