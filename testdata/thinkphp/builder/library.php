<?php
// What the builders of all generations share: compiling a file, stripping,
// writing constants. Everything runs under PHP 5.2 as well, hence the old
// syntax; what an array or a number looks like in a cache is left to the
// var_export() and the string conversion of the PHP that runs this.

/** Where original files lie instead, by the beginning of their paths: see tilde_original(). */
$GLOBALS['tilde_originals'] = array();

/**
 * A comparison with a framework runs a copy of it that calls this builder, but
 * the bytes that are compiled must be those of the framework as it was.
 */
function tilde_original($file) {
    foreach ($GLOBALS['tilde_originals'] as $from => $to) {
        if (strpos($file, $from) === 0) {
            return $to . substr($file, strlen($from));
        }
    }
    return $file;
}

/** A missing file is a warning and no bytes. */
function tilde_read($file) {
    return (string) @file_get_contents(tilde_original($file));
}

// --- A file's code: 2.0 to 3.1 ---

function tilde_compile($file) {
    return tilde_code(tilde_read($file));
}

/** Markers are found in the bytes, whether they stand in a comment or in a string. */
function tilde_compile_without_blocks($file) {
    return tilde_code(preg_replace('~//\[RUNTIME\](.*?)//\[/RUNTIME\]~s', '', tilde_read($file)));
}

/** Five bytes go without a look at them: `<?php`, or whatever is there. */
function tilde_code($bytes) {
    return tilde_without_close_tag((string) substr(trim($bytes), 5));
}

/** What stands before the tag is not trimmed again. */
function tilde_without_close_tag($code) {
    return substr($code, -2) === '?>' ? (string) substr($code, 0, -2) : $code;
}

// --- A file's code: 3.2 ---

/**
 * The comments are gone before the markers are looked for, so that these
 * blocks stay. A file whose first bytes are `namespace`, whatever it goes on
 * with, has its first `namespace …;` changed and no other.
 */
function tilde_compile_in_namespace($file) {
    $code = trim((string) substr(php_strip_whitespace(tilde_original($file)), 5));
    $code = preg_replace('~//\[RUNTIME\](.*?)//\[/RUNTIME\]~s', '', $code);
    if (strpos($code, 'namespace') === 0) {
        $code = preg_replace('~namespace\s(.*?);~', 'namespace \1{', $code, 1);
    } else {
        $code = 'namespace {' . $code;
    }
    return tilde_without_close_tag($code) . '}';
}

// --- Stripping ---

/** 2.0 and 2.1 know nothing of heredocs: their labels lose the line of their own. */
function tilde_strip($text) {
    return tilde_strip_tokens(token_get_all($text), false);
}

/** 2.2 and later. */
function tilde_strip_renaming_heredocs($text) {
    return tilde_strip_tokens(token_get_all($text), true);
}

function tilde_strip_tokens($tokens, $renames_heredocs) {
    $out = '';
    $after_blank = false;
    for ($at = 0; $at < count($tokens); $at++) {
        $is_long = is_array($tokens[$at]);
        $kind = $is_long ? $tokens[$at][0] : 0;
        if ($kind === T_COMMENT || $kind === T_DOC_COMMENT) {
            // Nothing takes its place, and the blank before it still counts.
            continue;
        }
        if ($kind === T_WHITESPACE) {
            $out .= $after_blank ? '' : ' ';
            $after_blank = true;
        } elseif ($renames_heredocs && $kind === T_START_HEREDOC) {
            $out .= "<<<THINK\n";
        } elseif ($renames_heredocs && $kind === T_END_HEREDOC) {
            $out .= "THINK;\n";
            $at = tilde_heredoc_tail($tokens, $at);
        } else {
            $out .= $is_long ? $tokens[$at][1] : $tokens[$at];
            $after_blank = false;
        }
    }
    return $out;
}

/** All from a closing label to the next semicolon is lost, unless PHP ends before. */
function tilde_heredoc_tail($tokens, $label) {
    for ($at = $label + 1; $at < count($tokens); $at++) {
        if ($tokens[$at] === ';') {
            return $at;
        }
        if (is_array($tokens[$at]) && $tokens[$at][0] === T_CLOSE_TAG) {
            return $label;
        }
    }
    return $label;
}

// --- Constants ---

/** All constants of the application so far, in the order of their definition. */
function tilde_constants() {
    $all = get_defined_constants(true);
    tilde_record_constants($all['user']);
    return $all['user'];
}

/**
 * `define('NAME',value);`, or nothing for what is neither a number, a bool nor
 * a string. addslashes() also puts a backslash before `"` and NUL, which single
 * quotes do not undo.
 */
function tilde_define($name, $value) {
    if (is_int($value) || is_float($value)) {
        return "define('$name',$value);";
    }
    if (is_bool($value)) {
        return "define('$name'," . ($value ? 'true' : 'false') . ');';
    }
    return is_string($value) ? "define('$name','" . addslashes($value) . "');" : '';
}

/** 2.0 and 2.1: only the named constants may be defined already. */
function tilde_defines_guarding($constants, $guarded) {
    $out = '';
    foreach ($constants as $name => $value) {
        $name = strtoupper($name);
        $out .= in_array($name, $guarded) ? "if(!defined('$name')) " : '';
        $out .= tilde_define($name, $value);
    }
    return $out;
}

/** 2.2: a guard for each, also for one that then has no define. */
function tilde_defines_guarding_all($constants) {
    $out = '';
    foreach ($constants as $name => $value) {
        $name = strtoupper($name);
        $out .= "if(!defined('$name')) " . tilde_define($name, $value);
    }
    return $out;
}

/** 3.0 and later: a line each. */
function tilde_defines_in_lines($constants) {
    $out = "\n";
    foreach ($constants as $name => $value) {
        $name = strtoupper($name);
        $out .= "defined('$name') or " . tilde_define($name, $value) . "\n";
    }
    return $out;
}

// --- The record ---

/**
 * Leaves what a cache was made of where scripts/record-thinkphp looks for it: a
 * JSON array of [name, value]. PHP 5.2's json_encode() rounds, so ours it is.
 */
function tilde_record_constants($constants) {
    if (!is_dir('/srv/record')) {
        return;
    }
    $lines = array();
    foreach ($constants as $name => $value) {
        $lines[] = ' [' . json_encode((string) $name) . ', ' . tilde_json($value) . ']';
    }
    file_put_contents('/srv/record/constants.json', "[\n" . implode(",\n", $lines) . "\n]\n");
}

function tilde_json($value) {
    if (is_float($value)) {
        $digits = sprintf('%.16e', $value);
        return $digits;
    }
    if (is_array($value)) {
        return '[' . implode(', ', array_map('tilde_json', $value)) . ']';
    }
    return str_replace('\/', '/', json_encode($value));
}
