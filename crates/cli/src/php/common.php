// What the two programs beside this one begin with. Read by php.rs, which gives it to
// `php -r` in front of them: without an opening tag, and in the syntax of PHP 5.2 to
// 8.5.

// Without notices and what is deprecated: the names of these levels are not
// those of all versions.
error_reporting(E_ALL & ~(8 | 2048 | 8192));

/** Constants, as a list of pairs. */
function tilde_define($pairs)
{
    foreach ($pairs as $pair) {
        // Before PHP 7.0 no constant was an array.
        if (!defined($pair[0]) && (!is_array($pair[1]) || PHP_VERSION_ID >= 70000)) {
            define($pair[0], $pair[1]);
        }
    }
}

function tilde_user_constants()
{
    $constants = get_defined_constants(true);
    return isset($constants['user']) ? $constants['user'] : array();
}

