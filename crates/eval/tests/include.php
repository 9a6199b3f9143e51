<?php
// Says what files return and set: php include.php LIST FIRST PRELUDE
//
// The prelude is a file that is included before all others.
//
// For each file of the list a line: its number, and the var_export() of what it
// returned and of its variables by name, in base64; `!` where it throws. What
// ends PHP ends the answers.
error_reporting(0);
chdir('/');
include $argv[3];

function include_file_for_tilde()
{
    $result = include func_get_arg(0);
    return [$result, get_defined_vars()];
}

function describe_file_for_tilde($path)
{
    [$result, $variables] = include_file_for_tilde($path);
    // `$result` is ours.
    unset($variables['result']);
    ksort($variables, SORT_STRING);
    return base64_encode(var_export([$result, $variables], true));
}

$files = file($argv[1], FILE_IGNORE_NEW_LINES);
for ($index = (int) $argv[2]; $index < count($files); $index++) {
    ob_start();
    try {
        $answer = describe_file_for_tilde($files[$index]);
    } catch (Throwable $error) {
        $answer = '!';
    }
    while (ob_get_level() > 0) {
        ob_end_clean();
    }
    echo $index, ' ', $answer, "\n";
}
echo "#\n";
