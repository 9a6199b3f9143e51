<?php
// Asks for one extension, and uses another one as well.
function thumbnail(): string
{
    if (function_exists('imagewebp')) {
        return get_debug_type(imagecreate(1, 1));
    }
    return 'none';
}
echo thumbnail() !== '', function_exists('gmp_add') || gmp_strval(gmp_init(1)), gmp_add(1, 1), "\n";
