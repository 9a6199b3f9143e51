<?php
// ThinkPHP 2.1: as 2.0, but the lists are complete, and caches can have names.
require_once dirname(__FILE__) . '/2.0.php';

class Builder21 extends Builder20 {
    function core_before_list() {
        return array();
    }

    function core_after_list() {
        return $this->compatibility();
    }

    function runtime_file() {
        return RUNTIME_PATH . (defined('THINK_MODE') ? '~' . strtolower(THINK_MODE) . '_runtime.php' : '~runtime.php');
    }

    function app_file() {
        return RUNTIME_PATH . '~' . APP_CACHE_NAME . '.php';
    }

    function extra_config($array) {
        return array_change_key_case($array);
    }

    function guarded_constants() {
        return array_merge(parent::guarded_constants(), array('APP_CACHE_NAME'));
    }
}
