<?php
// ThinkPHP 3.0: one file that also starts the application. Modes are arrays,
// system behaviours are compiled, the language pack is in.
require_once dirname(__FILE__) . '/library.php';

class Builder30 {
    /** Called by Think::buildApp(). */
    function app() {
        $mode = $this->configure();
        L(include THINK_PATH . 'Lang/' . strtolower(C('DEFAULT_LANG')) . '.php');
        $this->load_tags($mode);
        $append = $this->core($mode) . $this->aliases($mode);
        if (APP_DEBUG) {
            $this->configure_for_debugging();
        } else {
            $this->write($append);
        }
    }

    /** The framework's configuration is there before the mode's file is read. */
    function configure() {
        C(include THINK_PATH . 'Conf/convention.php');
        $mode = $this->mode();
        $this->configure_mode_and_app($mode);
        return $mode;
    }

    function mode() {
        return defined('MODE_NAME') ? include MODE_PATH . strtolower(MODE_NAME) . '.php' : array();
    }

    function configure_mode_and_app($mode) {
        if (isset($mode['config'])) {
            C($this->array_of($mode['config']));
        }
        if (is_file(CONF_PATH . 'config.php')) {
            C(include CONF_PATH . 'config.php');
        }
    }

    /** Many entries are an array or the name of a file that returns one. */
    function array_of($array_or_file) {
        return is_array($array_or_file) ? $array_or_file : include $array_or_file;
    }

    function load_tags($mode) {
        if (C('APP_TAGS_ON')) {
            C('extends', $this->array_of(isset($mode['extends']) ? $mode['extends'] : THINK_PATH . 'Conf/tags.php'));
        }
        if (isset($mode['tags'])) {
            C('tags', $this->array_of($mode['tags']));
        } elseif (is_file(CONF_PATH . 'tags.php')) {
            C('tags', include CONF_PATH . 'tags.php');
        }
    }

    /** The core of the mode, what the application adds to it, and its functions. */
    function core($mode) {
        $list = isset($mode['core']) ? $mode['core'] : $this->default_core();
        if (is_file(CONF_PATH . 'core.php')) {
            $list = array_merge($list, include CONF_PATH . 'core.php');
        }
        $code = '';
        foreach ($list as $file) {
            if (is_file($file)) {
                require_cache($file);
                $code .= tilde_compile_without_blocks($file);
            }
        }
        if (is_file(COMMON_PATH . 'common.php')) {
            include COMMON_PATH . 'common.php';
            $code .= tilde_compile_without_blocks(COMMON_PATH . 'common.php');
        }
        return $code;
    }

    function default_core() {
        return array(
            THINK_PATH . 'Common/functions.php',
            CORE_PATH . 'Core/Log.class.php',
            CORE_PATH . 'Core/Dispatcher.class.php',
            CORE_PATH . 'Core/App.class.php',
            CORE_PATH . 'Core/Action.class.php',
            CORE_PATH . 'Core/View.class.php',
        );
    }

    function aliases($mode) {
        $code = '';
        if (isset($mode['alias'])) {
            $code .= $this->alias($this->array_of($mode['alias']));
        }
        if (is_file(CONF_PATH . 'alias.php')) {
            $code .= $this->alias(include CONF_PATH . 'alias.php');
        }
        return $code;
    }

    function alias($alias) {
        alias_import($alias);
        return $this->alias_call($alias);
    }

    function alias_call($alias) {
        return 'alias_import(' . var_export($alias, true) . ');';
    }

    function configure_for_debugging() {
        C(include THINK_PATH . 'Conf/debug.php');
        $status = C('APP_STATUS');
        if (is_file(CONF_PATH . $status . '.php')) {
            C(include CONF_PATH . $status . '.php');
        }
    }

    function write($append) {
        $code = $this->head();
        foreach ($this->kernel() as $file) {
            $code .= tilde_compile_without_blocks($file);
        }
        $code .= $this->behaviours();
        $code .= $this->framework_aliases() . $append . "\nL(" . var_export(L(), true) . ');C(' . var_export(C(), true) . ");G('loadTime');Think::Start();";
        file_put_contents(RUNTIME_FILE, tilde_strip_renaming_heredocs('<?php ' . $this->unguard($code)));
    }

    /** The constants may go into a file of their own, which is not stripped. */
    function head() {
        $defines = tilde_defines_in_lines(tilde_constants());
        if (defined('RUNTIME_DEF_FILE')) {
            file_put_contents(RUNTIME_DEF_FILE, '<?php ' . $defines);
            $defines = "require '" . RUNTIME_DEF_FILE . "';";
        }
        return '$GLOBALS[\'_beginTime\'] = microtime(TRUE);' . $defines
            . 'set_include_path(get_include_path() . PATH_SEPARATOR . VENDOR_PATH);';
    }

    function kernel() {
        return array(
            THINK_PATH . 'Common/common.php',
            CORE_PATH . 'Core/Think.class.php',
            CORE_PATH . 'Core/ThinkException.class.php',
            CORE_PATH . 'Core/Behavior.class.php',
        );
    }

    function behaviours() {
        return C('APP_TAGS_ON') ? $this->behaviours_of_tags() : '';
    }

    /** A name without a key is a behaviour of the framework; any other is a file. One that stands twice is compiled twice. */
    function behaviours_of_tags() {
        $code = '';
        foreach ((array) C('extends') as $behaviours) {
            foreach ($behaviours as $key => $name) {
                $file = is_int($key) ? CORE_PATH . 'Behavior/' . $name . 'Behavior.class.php' : $name;
                $code .= tilde_compile_without_blocks($file);
            }
        }
        return $code;
    }

    function framework_aliases() {
        return $this->alias_call(include THINK_PATH . 'Conf/alias.php');
    }

    function unguard($code) {
        return $code;
    }
}
