<?php
// What stands in for an extension.
if (!function_exists('bcadd')) {
    function bcadd(string $a, string $b): string
    {
        return (string) ($a + $b);
    }
}
