<?php
if (!function_exists('bcadd')) {
    function bcadd(string $a, string $b): string
    {
        return (string) ((int) $a + (int) $b);
    }
}
if (!defined('IMG_FLIP_BOTH')) {
    define('IMG_FLIP_BOTH', 3);
}
if (!class_exists('Collator')) {
    class Collator
    {
        public function __construct(public string $locale)
        {
        }
    }
}
