<?php
// ThinkPHP 2.0: ~runtime.php from the core, ~app.php from the application, or
// ~allinone.php from both.
require_once dirname(__FILE__) . '/library.php';

class Builder20 {
    // --- ~runtime.php ---

    /** Called by the framework's ThinkPHP.php instead of loading the cache. */
    function runtime() {
        $this->define_paths();
        $list = $this->core_list();
        foreach ($list as $file) {
            if (is_file($file)) {
                require $file;
            }
        }
        if (!is_dir(RUNTIME_PATH)) {
            $this->make_folders();
        }
        if (!defined('NO_CACHE_RUNTIME')) {
            $this->write_runtime($list);
        }
    }

    function define_paths() {
        require THINK_PATH . '/Common/defines.php';
        require $this->path_definitions();
    }

    function path_definitions() {
        return defined('PATH_DEFINE_FILE') ? PATH_DEFINE_FILE : THINK_PATH . '/Common/paths.php';
    }

    /** The application's own list replaces the mode's, and that the default one. */
    function core_list() {
        return array_merge($this->core_before_list(), $this->chosen_list(), $this->core_after_list());
    }

    function core_before_list() {
        return array_merge(
            array(THINK_PATH . '/Common/functions.php'),
            $this->compatibility(),
            array(THINK_PATH . '/Lib/Think/Core/Think.class.php')
        );
    }

    function core_after_list() {
        return array();
    }

    function compatibility() {
        return version_compare(PHP_VERSION, '5.2.0', '<') ? array(THINK_PATH . '/Common/compat.php') : array();
    }

    function chosen_list() {
        if (is_file(CONFIG_PATH . 'core.php')) {
            return include CONFIG_PATH . 'core.php';
        }
        if (defined('THINK_MODE')) {
            return include THINK_PATH . '/Mode/' . strtolower(THINK_MODE) . '.php';
        }
        return include THINK_PATH . '/Common/core.php';
    }

    /** The skeleton of an application that was not there yet: all we need of it is a place to write to. */
    function make_folders() {
        mkdir(RUNTIME_PATH, 0777, true);
        if (!defined('BUILD_DIR_SECURE')) {
            define('BUILD_DIR_SECURE', false);
        }
    }

    /** No blank follows `<?php`: the definitions begin with the line break after their own. */
    function write_runtime($list) {
        $code = '<?php';
        foreach (array_merge(array(THINK_PATH . '/Common/defines.php', $this->path_definitions()), $list) as $file) {
            $code .= $this->compile($file);
        }
        $keeps_blanks = defined('STRIP_RUNTIME_SPACE') && STRIP_RUNTIME_SPACE == false;
        file_put_contents($this->runtime_file(), $keeps_blanks ? $code : tilde_strip($code));
    }

    function runtime_file() {
        return RUNTIME_PATH . '~runtime.php';
    }

    /** Blocks are left out for ~allinone.php only. */
    function compile($file) {
        return defined('RUNTIME_ALLINONE') ? tilde_compile_without_blocks($file) : tilde_compile($file);
    }

    // --- ~app.php ---

    /** Called by App::build(). */
    function app() {
        $this->configure();
        $common = $this->common();
        foreach (C('APP_CONFIG_LIST') as $name) {
            if (is_file(CONFIG_PATH . $name . '.php')) {
                C('_' . $name . '_', $this->extra_config(include CONFIG_PATH . $name . '.php'));
            }
        }
        if (C('APP_DEBUG') && !defined('RUNTIME_ALLINONE')) {
            $this->configure_for_debugging();
        } elseif (defined('RUNTIME_ALLINONE')) {
            $this->write_all_in_one($common, $this->runtime_file());
        } else {
            $this->write_app($common, $this->app_file());
        }
    }

    /** Called by the App::build() of a mode's own App class, which knows less. */
    function mode_app() {
        $this->configure();
        $is_debug = C('APP_DEBUG');
        $common = $this->common_with_blocks();
        if ($is_debug) {
            $this->configure_for_debugging();
        } elseif (defined('RUNTIME_ALLINONE')) {
            // With debugging on the file is not written even so, and a core
            // cache of another name is not found.
            $this->write_all_in_one($common, RUNTIME_PATH . '~runtime.php');
        } else {
            $this->write_app($common, RUNTIME_PATH . '~app.php');
        }
    }

    function configure() {
        C(include THINK_PATH . '/Common/convention.php');
        if (is_file(CONFIG_PATH . 'config.php')) {
            C(include CONFIG_PATH . 'config.php');
        }
    }

    function configure_for_debugging() {
        C(include THINK_PATH . '/Common/debug.php');
        if (is_file(CONFIG_PATH . 'debug.php')) {
            C(include CONFIG_PATH . 'debug.php');
        }
    }

    function common() {
        $code = '';
        foreach ($this->loaded_files() as $file) {
            $code .= $this->compile($file);
        }
        return $code;
    }

    function common_with_blocks() {
        $code = '';
        foreach ($this->loaded_files() as $file) {
            $code .= tilde_compile($file);
        }
        return $code;
    }

    /** What runs before a cache is written may define constants and change the configuration. */
    function loaded_files() {
        $files = array();
        if (is_file(COMMON_PATH . 'common.php')) {
            include COMMON_PATH . 'common.php';
            $files[] = COMMON_PATH . 'common.php';
        }
        if (is_file(CONFIG_PATH . 'app.php')) {
            foreach (include CONFIG_PATH . 'app.php' as $file) {
                require $file;
                $files[] = $file;
            }
        }
        return $files;
    }

    function extra_config($array) {
        return $array;
    }

    function app_file() {
        return RUNTIME_PATH . '~app.php';
    }

    function write_app($common, $file) {
        $code = '<?php ' . $common . "\nreturn " . var_export(C(), true) . ";\n?>";
        file_put_contents($file, tilde_strip($code));
    }

    /** The core is taken from its cache, which was stripped once already. */
    function write_all_in_one($common, $runtime_file) {
        $code = '<?php ' . tilde_defines_guarding(tilde_constants(), $this->guarded_constants());
        $code .= substr((string) @file_get_contents($runtime_file), 5);
        $code .= $common . "\nreturn " . var_export(C(), true) . ';';
        file_put_contents(RUNTIME_PATH . '~allinone.php', tilde_strip($code));
    }

    function guarded_constants() {
        return array('THINK_PATH', 'APP_NAME', 'APP_PATH', 'RUNTIME_PATH', 'RUNTIME_ALLINONE', 'THINK_MODE');
    }
}
