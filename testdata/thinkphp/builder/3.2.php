<?php
// ThinkPHP 3.2: the core in namespaces, then class map, language,
// configuration and hooks; no constants. lite.php has all that and the
// constants, so that it can be the entry.
require_once dirname(__FILE__) . '/library.php';

class Builder32 {
    /** Called by Think\Think::start() instead of loading the cache. */
    function start() {
        $mode = include is_file(CONF_PATH . 'core.php') ? CONF_PATH . 'core.php' : MODE_PATH . APP_MODE . '.php';
        $code = '';
        foreach ($mode['core'] as $file) {
            if (is_file($file)) {
                include $file;
                $code .= tilde_compile_in_namespace($file);
            }
        }
        $this->configure($mode['config']);
        $this->map_classes($mode);
        $this->hook($mode);
        L(include THINK_PATH . 'Lang/' . strtolower(C('DEFAULT_LANG')) . '.php');
        if (APP_DEBUG) {
            $this->configure_for_debugging();
        } else {
            $code .= $this->state() . '}';
            $this->write(RUNTIME_PATH . APP_MODE . '~runtime.php', $code);
        }
    }

    /** A missing file is a warning, and C() is given nothing. */
    function configure($files) {
        foreach ($files as $key => $file) {
            if (is_numeric($key)) {
                C(load_config($file));
            } else {
                C($key, load_config($file));
            }
        }
        if (APP_MODE != 'common' && is_file(CONF_PATH . 'config_' . APP_MODE . CONF_EXT)) {
            C(load_config(CONF_PATH . 'config_' . APP_MODE . CONF_EXT));
        }
    }

    function map_classes($mode) {
        if (isset($mode['alias'])) {
            Think\Think::addMap($this->array_of($mode['alias']));
        }
        if (is_file(CONF_PATH . 'alias.php')) {
            Think\Think::addMap(include CONF_PATH . 'alias.php');
        }
    }

    function hook($mode) {
        if (isset($mode['tags'])) {
            Think\Hook::import($this->array_of($mode['tags']));
        }
        if (is_file(CONF_PATH . 'tags.php')) {
            Think\Hook::import(include CONF_PATH . 'tags.php');
        }
    }

    function array_of($array_or_file) {
        return is_array($array_or_file) ? $array_or_file : include $array_or_file;
    }

    function configure_for_debugging() {
        C(include THINK_PATH . 'Conf/debug.php');
        if (is_file(CONF_PATH . 'debug' . CONF_EXT)) {
            C(include CONF_PATH . 'debug' . CONF_EXT);
        }
    }

    /** What the files left behind, up to the brace that the caller closes. */
    function state() {
        return "\nnamespace { Think\\Think::addMap(" . var_export(Think\Think::getMap(), true) . ');'
            . "\nL(" . var_export(L(), true) . ");\nC(" . var_export(C(), true) . ');'
            . 'Think\Hook::import(' . var_export(Think\Hook::get(), true) . ');';
    }

    function write($file, $code) {
        if (!is_dir(dirname($file))) {
            mkdir(dirname($file), 0755, true);
        }
        file_put_contents($file, tilde_strip_renaming_heredocs('<?php ' . $code));
    }

    // --- lite.php ---

    /** Called by BuildLiteBehavior::run(), a hook of app_init. */
    function lite() {
        $file = C('RUNTIME_LITE_FILE', null, RUNTIME_PATH . 'lite.php');
        if (!defined('BUILD_LITE_FILE') || is_file($file)) {
            return;
        }
        $code = $this->lite_head();
        foreach (is_file(CONF_PATH . 'lite.php') ? include CONF_PATH . 'lite.php' : $this->lite_list() as $name) {
            $code .= is_file($name) ? tilde_compile_in_namespace($name) : '';
        }
        $code = $this->without_cache_lookup($code) . $this->state() . 'Think\Think::start();}';
        $this->write($file, $code);
    }

    function lite_head() {
        $constants = tilde_constants();
        unset($constants['BUILD_LITE_FILE']);
        return 'namespace {$GLOBALS[\'_beginTime\'] = microtime(TRUE);'
            . (MEMORY_LIMIT_ON ? '$GLOBALS[\'_startUseMems\'] = memory_get_usage();' : '')
            . tilde_defines_in_lines($constants) . '}';
    }

    function lite_list() {
        return array(
            THINK_PATH . 'Common/functions.php',
            COMMON_PATH . 'Common/function.php',
            CORE_PATH . 'Think' . EXT,
            CORE_PATH . 'Hook' . EXT,
            CORE_PATH . 'App' . EXT,
            CORE_PATH . 'Dispatcher' . EXT,
            CORE_PATH . 'Log' . EXT,
            CORE_PATH . 'Log/Driver/File' . EXT,
            CORE_PATH . 'Route' . EXT,
            CORE_PATH . 'Controller' . EXT,
            CORE_PATH . 'View' . EXT,
            CORE_PATH . 'Storage' . EXT,
            CORE_PATH . 'Storage/Driver/File' . EXT,
            CORE_PATH . 'Exception' . EXT,
            BEHAVIOR_PATH . 'ParseTemplateBehavior' . EXT,
            BEHAVIOR_PATH . 'ContentReplaceBehavior' . EXT,
        );
    }

    /** From Think::start(): only when it is written with just these blanks, and on one line. */
    function without_cache_lookup($code) {
        return preg_replace('~\$runtimefile = RUNTIME_PATH(.+?)(if\(APP_STATUS)~', '\2', $code, 1);
    }
}
