// Runs one file of a ThinkPHP application as the framework would, and prints
// what came of it. Follows common.php.
//
// Arguments: the file, and `upper` or `lower`. Standard input: a mark of 32 bytes
// that nothing else prints, and a serialized array of constants (a list of pairs),
// the configuration and $_SERVER.
//
// The mark is in a variable of a function that the file has no name for.

function tilde_key($name)
{
    return $GLOBALS['argv'][2] === 'upper' ? strtoupper($name) : strtolower($name);
}

function C($name = null, $value = null, $default = null)
{
    global $tilde_config;
    if (empty($name)) {
        return $tilde_config;
    }
    if (is_array($name)) {
        $case = $GLOBALS['argv'][2] === 'upper' ? CASE_UPPER : CASE_LOWER;
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

function tilde_include()
{
    return include $GLOBALS['argv'][1];
}

function tilde_answer()
{
    $before = tilde_user_constants();
    ob_start();
    $value = tilde_include();
    $new = array_diff_key(tilde_user_constants(), $before);
    $answer = serialize(array($value, $new, C()));
    while (ob_get_level() > 0 && ob_end_clean());
    return $answer;
}

function tilde_run()
{
    global $tilde_config;
    $input = file_get_contents('php://stdin');
    $mark = substr($input, 0, 32);
    list($constants, $tilde_config, $_SERVER) = unserialize(substr($input, 32));
    tilde_define($constants);
    $answer = tilde_answer();
    echo $mark, $answer, $mark;
}

tilde_run();
