// Runs one file of a ThinkPHP application as the framework would, and prints
// what came of it. Read by php.rs, which gives it to `php -r`: without an
// opening tag, and in the syntax of PHP 5.2 to 8.5.
//
// Arguments: a mark that nothing else prints, the file, and `upper` or `lower`.
// Standard input: a serialized array of constants (a list of pairs), the
// configuration and $_SERVER.

// Without notices and what is deprecated: the names of these levels are not
// those of all versions.
error_reporting(E_ALL & ~(8 | 2048 | 8192));
list($tilde_constants, $tilde_config, $tilde_server) = unserialize(file_get_contents('php://stdin'));
foreach ($tilde_constants as $tilde_pair) {
    // Before PHP 7.0 no constant was an array.
    if (!defined($tilde_pair[0]) && (!is_array($tilde_pair[1]) || PHP_VERSION_ID >= 70000)) {
        define($tilde_pair[0], $tilde_pair[1]);
    }
}
$_SERVER = $tilde_server;

function tilde_key($name)
{
    return $GLOBALS['argv'][3] === 'upper' ? strtoupper($name) : strtolower($name);
}

function C($name = null, $value = null, $default = null)
{
    global $tilde_config;
    if (empty($name)) {
        return $tilde_config;
    }
    if (is_array($name)) {
        $case = $GLOBALS['argv'][3] === 'upper' ? CASE_UPPER : CASE_LOWER;
        $tilde_config = array_merge($tilde_config, array_change_key_case($name, $case));
        return null;
    }
    if (!is_string($name)) {
        return null;
    }
    if (!strpos($name, '.')) {
        $name = tilde_key($name);
        if ($value === null) {
            return isset($tilde_config[$name]) ? $tilde_config[$name] : $default;
        }
        $tilde_config[$name] = $value;
        return null;
    }
    $names = explode('.', $name);
    $names[0] = tilde_key($names[0]);
    if ($value === null) {
        return isset($tilde_config[$names[0]][$names[1]]) ? $tilde_config[$names[0]][$names[1]] : $default;
    }
    $tilde_config[$names[0]][$names[1]] = $value;
    return null;
}

function tilde_user_constants()
{
    $constants = get_defined_constants(true);
    return isset($constants['user']) ? $constants['user'] : array();
}

function tilde_include()
{
    return include $GLOBALS['argv'][2];
}

$tilde_before = tilde_user_constants();
ob_start();
$tilde_value = tilde_include();
while (ob_get_level() > 0 && ob_end_clean());
$tilde_new = array_diff_key(tilde_user_constants(), $tilde_before);
$tilde_answer = serialize(array($tilde_value, $tilde_new, C()));
echo $GLOBALS['argv'][1], $tilde_answer, $GLOBALS['argv'][1];
