<?php
namespace Composer\Autoload;

class ClassLoader
{
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

    public function register($prepend = false)
    {
        spl_autoload_register(array($this, 'loadClass'), true, $prepend);
    }

    public function loadClass($class)
    {
        if ($file = $this->findFile($class)) {
            includeFile($file);
            return true;
        }
    }
}

function includeFile($file)
{
    include $file;
}
