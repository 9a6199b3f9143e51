<?php
// ThinkPHP 3.1: as 3.0, but the mode is read first, behaviours are always
// compiled, and the usual guard at the head of a file is taken out. Release
// 3.1.0 does all as 3.0 does.
require_once dirname(__FILE__) . '/3.0.php';

class Builder31 extends Builder30 {
    function configure() {
        $mode = $this->mode();
        C(include THINK_PATH . 'Conf/convention.php');
        $this->configure_mode_and_app($mode);
        return $mode;
    }

    function behaviours() {
        return $this->behaviours_of_tags();
    }

    /** Before stripping, and only when it is written just so. */
    function unguard($code) {
        return str_replace("defined('THINK_PATH') or exit();", ' ', $code);
    }
}

/**
 * In release 3.1.2 the aliases and the configuration of a mode stand in the
 * place of the framework's, and the framework's aliases come after the core.
 */
class Builder312 extends Builder31 {
    function configure() {
        $mode = $this->mode() + array('config' => THINK_PATH . 'Conf/convention.php');
        $this->configure_mode_and_app($mode);
        return $mode;
    }

    function aliases($mode) {
        return parent::aliases($mode + array('alias' => THINK_PATH . 'Conf/alias.php'));
    }

    function framework_aliases() {
        return '';
    }
}
