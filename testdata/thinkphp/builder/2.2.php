<?php
// ThinkPHP 2.2: one file of constants, core, application and configuration,
// written after the application's own files ran.
require_once dirname(__FILE__) . '/2.1.php';

class Builder22 extends Builder21 {
    /** The definitions run, but are not compiled: their constants are. */
    function runtime() {
        $this->define_paths();
        foreach ($this->core_list() as $file) {
            if (is_file($file)) {
                require $file;
            }
        }
        if (!is_dir(RUNTIME_PATH)) {
            $this->make_folders();
        }
    }

    function compile($file) {
        return tilde_compile_without_blocks($file);
    }

    function app() {
        $this->configure();
        $common = $this->common();
        $names = C('APP_CONFIG_LIST');
        foreach (is_string($names) ? explode(',', $names) : $names as $name) {
            if (is_file(CONFIG_PATH . $name . '.php')) {
                C($name, array_change_key_case(include CONFIG_PATH . $name . '.php'));
            }
        }
        C('APP_CONFIG_LIST', '');
        $this->finish($common);
    }

    /** A mode's own App class knows neither Conf/app.php nor extra configurations. */
    function mode_app() {
        $this->configure();
        $common = '';
        if (is_file(COMMON_PATH . 'common.php')) {
            include COMMON_PATH . 'common.php';
            $common = $this->compile(COMMON_PATH . 'common.php');
        }
        $this->finish($common);
    }

    function finish($common) {
        if (C('APP_DEBUG')) {
            $this->configure_for_debugging();
        } else {
            $this->write($common);
        }
    }

    function write($common) {
        $code = '<?php ' . tilde_defines_guarding_all(tilde_constants());
        foreach ($this->core_list() as $file) {
            $code .= $this->compile($file);
        }
        $code .= $common . "\nC(" . var_export(C(), true) . ');';
        file_put_contents($this->runtime_file(), tilde_strip_renaming_heredocs($code));
    }
}
