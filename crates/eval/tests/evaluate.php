<?php
// Says what snippets return: php evaluate.php LIST FIRST
//
// A line of the list is a snippet in base64. The answers are lines too: the
// number of the snippet and its var_export() in base64, or `!` where it throws.
// What ends PHP ends the answers.
error_reporting(0);
ini_set('display_errors', '0');

function evaluate_snippet($evaluate_code)
{
    return eval($evaluate_code);
}

function evaluate_line($code)
{
    @trigger_error('none');
    $value = evaluate_snippet($code);
    $error = error_get_last();
    if ($error['type'] === 4 && strpos($error['message'], 'syntax error') === 0) {
        return '!';
    }
    return base64_encode(var_export($value, true));
}

$lines = file($argv[1]);
for ($index = (int) $argv[2]; $index < count($lines); $index++) {
    ob_start();
    if (PHP_VERSION_ID < 70000) {
        try {
            $answer = evaluate_line(base64_decode($lines[$index]));
        } catch (Exception $exception) {
            $answer = '!';
        }
    } else {
        try {
            $answer = evaluate_line(base64_decode($lines[$index]));
        } catch (Throwable $exception) {
            $answer = '!';
        }
    }
    while (ob_get_level() > 0) {
        ob_end_clean();
    }
    echo $index, ' ', $answer, "\n";
}
echo "#\n";
