<?php
// Prints what this PHP, 5.2 to 8.5, makes of each file of a list:
//
//     php strip.php LIST [START]
//
// LIST names a file a line; those before the START-th are passed over. A `-` in
// front of a name means not to parse the file. For each there is a line with
// six fields, separated by tabs:
//
//     the MD5 sum of what php_strip_whitespace() returns
//     the MD5 sum of what the loop of ThinkPHP 2.0 and 2.1 writes
//     the MD5 sum of what the loop of ThinkPHP 2.2 to 3.2 writes
//     the MD5 sum of the significant tokens, doc comments among them
//     the MD5 sum of the significant tokens without doc comments
//     `ok`, or the message of the syntax error without its line number, or `-`
//
// A last line `#` says that all went well. Without it the last line is that of
// a file that ended this PHP, as before PHP 8 a mistake beyond syntax does.

// The 32-bit builds take "4G" for 0.
ini_set('memory_limit', '-1');
ini_set('display_errors', '1');
ini_set('html_errors', '0');
ini_set('log_errors', '0');
set_time_limit(0);
// Nothing may print but what an answer is made of.
error_reporting(E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_PARSE);

$files = explode("\n", trim(file_get_contents($argv[1])));
foreach (array_slice($files, isset($argv[2]) ? (int) $argv[2] : 0) as $path) {
    $is_parsed = $path[0] != '-';
    $path = ltrim($path, '-');
    forget();
    echo md5(stripped($path));
    forget();
    $source = file_get_contents($path);
    $tokens = tokens($source);
    foreach (array(thinkphp($tokens, false), thinkphp($tokens, true)) as $text) {
        echo "\t", md5($text);
    }
    foreach (array(true, false) as $docs) {
        echo "\t", md5(significant($tokens, $docs));
    }
    echo "\t";
    flush();
    forget();
    echo $is_parsed ? lint($source, end($tokens)) : '-', "\n";
}
echo "#\n";

// PHP 5.2 prints the bytes that no rule of its scanner matches.
function stripped($path)
{
    ob_start();
    $text = php_strip_whitespace($path);
    ob_end_clean();
    return $text;
}

function tokens($source)
{
    ob_start();
    $tokens = token_get_all($source);
    ob_end_clean();
    return $tokens;
}

// What `strip_whitespace()` of ThinkPHP writes.
function thinkphp($tokens, $renames)
{
    $count = count($tokens);
    $text = '';
    $blank = false;
    for ($i = 0; $i < $count; $i++) {
        $kind = is_array($tokens[$i]) ? $tokens[$i][0] : 0;
        if ($kind == T_COMMENT || $kind == T_DOC_COMMENT) {
            continue;
        }
        if ($kind == T_WHITESPACE) {
            $text .= $blank ? '' : ' ';
            $blank = true;
        } elseif ($renames && $kind == T_START_HEREDOC) {
            $text .= "<<<THINK\n";
        } elseif ($renames && $kind == T_END_HEREDOC) {
            $text .= "THINK;\n";
            $i = statement_end($tokens, $i, $count);
        } else {
            $text .= $kind ? $tokens[$i][1] : $tokens[$i];
            $blank = false;
        }
    }
    return $text;
}

// The place of the next `;`, or where we are when the code ends before one.
function statement_end($tokens, $i, $count)
{
    for ($k = $i + 1; $k < $count; $k++) {
        if ($tokens[$k] === ';') {
            return $k;
        }
        if (is_array($tokens[$k]) && $tokens[$k][0] == T_CLOSE_TAG) {
            break;
        }
    }
    return $i;
}

// Kinds and texts of the tokens that mean something. PHP 5.2 cuts HTML in
// pieces, by what is around it.
function significant($tokens, $docs)
{
    $text = '';
    $last = 0;
    foreach ($tokens as $token) {
        list($kind, $bytes) = is_array($token) ? $token : array(0, $token);
        if ($kind == T_WHITESPACE || $kind == T_COMMENT || (!$docs && $kind == T_DOC_COMMENT)) {
            continue;
        }
        $text .= $kind == T_INLINE_HTML && $last == $kind ? $bytes : "\0$kind\0$bytes";
        $last = $kind;
    }
    return $text;
}

function lint($source, $last)
{
    $message = defined('TOKEN_PARSE') ? parse_error($source) : compile_error($source, $last);
    if ($message === null) {
        return 'ok';
    }
    // Brackets name their line only when it is another one.
    return str_replace("\n", ' ', preg_replace('/ (on|starting) line \d+/', '', $message));
}

function parse_error($source)
{
    try {
        token_get_all($source, TOKEN_PARSE);
    } catch (Throwable $error) {
        return $error->getMessage();
    }
    return null;
}

// PHP 5 compiles while it parses. In a block nothing is declared by that. The
// block makes a namespace an error, in a source as in what is left of it.
function compile_error($source, $last)
{
    $is_outside = !$last || is_array($last) && in_array($last[0], array(T_INLINE_HTML, T_CLOSE_TAG));
    $end = $is_outside ? '<?php }' : "\n;}";
    ob_start();
    $is_done = eval("return 1; if (0) { ?>$source$end");
    $message = ob_get_clean();
    return $is_done ? null : preg_replace('/ in \S+ : eval.*$/s', '', trim($message));
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
