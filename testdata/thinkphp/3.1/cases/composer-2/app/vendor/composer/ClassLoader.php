<?php
namespace Composer\Autoload;

class ClassLoader
{
    private static $includeFile;
    private static $registeredLoaders = array();
    private $vendorDir;
    private $prefixLengthsPsr4 = array();
    private $prefixDirsPsr4 = array();
    private $fallbackDirsPsr4 = array();
    private $prefixesPsr0 = array();
    private $fallbackDirsPsr0 = array();
    private $classMap = array();
    private $missing = array();

    public function set($prefix, $paths)
    {
        if (!$prefix) {
            $this->fallbackDirsPsr0 = (array) $paths;
        } else {
            $this->prefixesPsr0[$prefix[0]][$prefix] = (array) $paths;
        }
    }

    public function setPsr4($prefix, $paths)
    {
        if (!$prefix) {
            $this->fallbackDirsPsr4 = (array) $paths;
            return;
        }
        $length = strlen($prefix);
        if ('\\' !== $prefix[$length - 1]) {
            throw new \InvalidArgumentException('a prefix ends with a backslash');
        }
        $this->prefixLengthsPsr4[$prefix[0]][$prefix] = $length;
        $this->prefixDirsPsr4[$prefix] = (array) $paths;
    }

    public function addClassMap(array $map)
    {
        $this->classMap = $this->classMap ? array_merge($this->classMap, $map) : $map;
        return $this;
    }

    public function getPrefixesPsr4()
    {
        return $this->prefixDirsPsr4;
    }

    public function findFile($class)
    {
        if (isset($this->classMap[$class])) {
            return $this->classMap[$class];
        }
        if (isset($this->missing[$class])) {
            return false;
        }
        $file = $this->search($class, '.php');
        if (false === $file) {
            $this->missing[$class] = true;
        }
        return $file;
    }

    private function search($class, $extension)
    {
        $path = strtr($class, '\\', DIRECTORY_SEPARATOR) . $extension;
        $first = $class[0];
        if (isset($this->prefixLengthsPsr4[$first])) {
            foreach ($this->prefixLengthsPsr4[$first] as $prefix => $length) {
                if (0 !== strpos($class, $prefix)) continue;
                foreach ($this->prefixDirsPsr4[$prefix] as $folder) {
                    if (file_exists($file = $folder . DIRECTORY_SEPARATOR . substr($path, $length))) {
                        return $file;
                    }
                }
            }
        }
        if (isset($this->prefixesPsr0[$first])) {
            foreach ($this->prefixesPsr0[$first] as $prefix => $folders) {
                if (0 === strpos($class, $prefix)) {
                    foreach ($folders as $folder) {
                        $file = $folder . DIRECTORY_SEPARATOR . strtr($path, '_', DIRECTORY_SEPARATOR);
                        if (file_exists($file)) return $file;
                    }
                }
            }
        }
        return false;
    }

    public function __construct($vendorDir = null)
    {
        $this->vendorDir = $vendorDir;
        self::initializeIncludeClosure();
    }

    public function register($prepend = false)
    {
        spl_autoload_register(array($this, 'loadClass'), true, $prepend);
        if (null === $this->vendorDir) {
            return;
        }
        if ($prepend) {
            self::$registeredLoaders = array($this->vendorDir => $this) + self::$registeredLoaders;
        } else {
            unset(self::$registeredLoaders[$this->vendorDir]);
            self::$registeredLoaders[$this->vendorDir] = $this;
        }
    }

    public static function getRegisteredLoaders()
    {
        return self::$registeredLoaders;
    }

    public function loadClass($class)
    {
        if ($file = $this->findFile($class)) {
            $includeFile = self::$includeFile;
            $includeFile($file);
            return true;
        }
        return null;
    }

    private static function initializeIncludeClosure()
    {
        if (self::$includeFile !== null) {
            return;
        }
        self::$includeFile = \Closure::bind(static function ($file) {
            include $file;
        }, null, null);
    }
}
