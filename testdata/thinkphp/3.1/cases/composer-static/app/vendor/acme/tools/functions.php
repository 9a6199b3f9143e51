<?php
define('ACME_TOOLS', 'from a file that always runs');
if (!function_exists('acme_path')) {
    function acme_path($name) { return 'acme/' . $name; }
}
