<?php
namespace Think;

/* What happens when. */
class Hook
{
    static private $tags = array();

    static public function import($data)
    {
        foreach ($data as $tag => $value) {
            if (!isset(self::$tags[$tag])) self::$tags[$tag] = array();
            if (!empty($value['_overlay'])) { // replaces
                unset($value['_overlay']);
                self::$tags[$tag] = $value;
            } else {
                self::$tags[$tag] = array_merge(self::$tags[$tag], $value);
            }
        }
    }

    static public function get() { return self::$tags; }

    static public function listen($tag, &$params = null)
    {
        foreach (isset(self::$tags[$tag]) ? self::$tags[$tag] : array() as $name) {
            $hook = new $name();
            $hook->run($params);
        }
    }
}
