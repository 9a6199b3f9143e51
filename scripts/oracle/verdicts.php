<?php
// Says of each file of a list whether this PHP, 5.2 to 8.5, finds its syntax
// right:
//
//     php -d short_open_tag=0 verdicts.php LIST
//
// LIST names a file a line. For each there is one line, separated by tabs:
//
//     FILE  ok                  its syntax is right
//     FILE  LINE  MESSAGE       it is not: `PHP Parse error:  MESSAGE`
//     FILE  ok  LINE  MESSAGE   PHP stopped at something else before the end
//
// The last are errors of the compiler, `PHP Fatal error`. Before PHP 7.0 they
// end the script behind that line; verdicts.mjs goes on after them.

ini_set('memory_limit', '-1');
error_reporting(0);

class Compiled extends Exception
{
}

function stop()
{
    throw new Compiled('nothing of it is to run');
}

function say($path, $words)
{
    echo $path, "\t", strtr(implode("\t", $words), "\r\n", '  '), "\n";
}

// A fatal error ends the script, but not before this.
function last_words()
{
    global $path;
    $error = error_get_last();
    if ($path !== null) {
        say($path, array('ok', $error['line'], $error['message']));
    }
}

// Since PHP 7.0 the tokenizer can parse, and only parse.
function parse($source)
{
    try {
        token_get_all($source, TOKEN_PARSE);
        return array('ok');
    } catch (ParseError $error) {
        // An error that knows neither file nor line takes those of this script.
        return array($error->getFile() === __FILE__ ? 0 : $error->getLine(), $error->getMessage());
    } catch (Throwable $error) {
        return array('ok', $error->getLine(), $error->getMessage());
    }
}

// Before, eval() compiles all of its code first, then the tick function keeps
// it from running. `return;` in front would do so too, but a namespace must
// come first: only ticks do not count.
function compile($source)
{
    try {
        @eval('declare(ticks=1);?>' . $source);
    } catch (Compiled $_) {
        return array('ok');
    }
    $error = error_get_last();
    return array($error['line'], $error['message']);
}

$path = null;
register_shutdown_function('last_words');
if (PHP_VERSION < '7') {
    register_tick_function('stop');
}
foreach (explode("\n", trim(file_get_contents($argv[1]))) as $path) {
    $source = file_get_contents($path);
    say($path, PHP_VERSION < '7' ? compile($source) : parse($source));
}
$path = null;
