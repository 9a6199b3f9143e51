<?php
// Only compiled where PHP is older than 5.2.0, which no record has.
if (!function_exists('json_encode')) {
    function json_encode($value)
    {
        return var_export($value, true);
    }
}
?>
