<?php
// Prints the tokens that this PHP, 5.2 to 8.5, makes of each file of a list:
//
//     php tokens.php LIST [OUTPUT]
//
// LIST names a file a line. For each there is a line `# FILE`, then one line a
// token: name, length in bytes and line number, separated by tabs. A token of
// one character has that character as its name, and before PHP 8.0 no line.
// A last line `#` says that all went well, which some builds' exit status does
// not.

// The 32-bit builds take "4G" for 0.
ini_set('memory_limit', '-1');
error_reporting(0);

$output = fopen(isset($argv[2]) ? $argv[2] : 'php://output', 'wb');
foreach (explode("\n", trim(file_get_contents($argv[1]))) as $path) {
    forget();
    fwrite($output, "# $path\n" . tokens(file_get_contents($path)));
}
fwrite($output, "#\n");
fclose($output);

function tokens($source)
{
    $lines = '';
    if (class_exists('PhpToken', false)) {
        foreach (PhpToken::tokenize($source) as $token) {
            $lines .= name($token->id) . "\t" . strlen($token->text) . "\t" . $token->line . "\n";
        }
        return $lines;
    }
    // PHP 5.2 prints the bytes that no rule of its scanner matches.
    ob_start();
    $tokens = token_get_all($source);
    ob_end_clean();
    foreach ($tokens as $token) {
        $lines .= is_array($token)
            ? name($token[0]) . "\t" . strlen($token[1]) . "\t" . $token[2] . "\n"
            // `b"` is one too, named after the quote.
            : substr($token, -1) . "\t" . strlen($token) . "\t\n";
    }
    return $lines;
}

// Where a kind has two names, versions differ in which one they give.
function name($id)
{
    if ($id < 256) {
        return chr($id);
    }
    $name = token_name($id);
    return $name == 'T_PAAMAYIM_NEKUDOTAYIM' ? 'T_DOUBLE_COLON' : $name;
}

// PHP 5.2 begins a source in the state in which the one before has left its
// scanner. Closing braces empty its stack.
function forget()
{
    if (PHP_VERSION < '5.3') {
        for ($i = 0; $i < 40; $i++) {
            token_get_all('<?php }');
        }
    }
}
