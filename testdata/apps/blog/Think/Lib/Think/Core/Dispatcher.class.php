<?php
/**
 * Turns the address of a request into a module, an action and arguments.
 */
class Dispatcher
{
    /**
     * @return array module, action, array of arguments by name
     */
    public static function dispatch($path)
    {
        $path = trim($path, '/');
        foreach (C('URL_ROUTES') as $pattern => $route) {
            if (preg_match($pattern, $path, $match)) {
                $names = array_slice($route, 2);
                array_shift($match);
                return array($route[0], $route[1], array_combine($names, $match));
            }
        }

        $parts = $path === '' ? array() : explode('/', $path);
        $module = $parts ? ucfirst(strtolower(array_shift($parts))) : C('DEFAULT_MODULE');
        $action = $parts ? strtolower(array_shift($parts)) : C('DEFAULT_ACTION');
        $arguments = array();
        foreach (array_chunk($parts, 2) as $pair) {
            $arguments[$pair[0]] = isset($pair[1]) ? $pair[1] : '';
        }
        return array($module, $action, $arguments);
    }

    /** The path as the request spells it: ?s=/post/3 or /index.php/post/3. */
    public static function path()
    {
        $name = C('VAR_PATHINFO');
        if (isset($_GET[$name]) && is_string($_GET[$name])) {
            return $_GET[$name];
        }
        return isset($_SERVER['PATH_INFO']) ? $_SERVER['PATH_INFO'] : '';
    }
}
