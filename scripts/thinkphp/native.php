<?php
// What ThinkPHP 3.2 does to a list of files, in PHP: the peer that tilde is
// timed against.
//
//     php native.php LIST OUTPUT
$code = '';
foreach (file($argv[1], FILE_IGNORE_NEW_LINES) as $file) {
    $code .= compiled($file);
}
file_put_contents($argv[2], stripped('<?php ' . $code));

function compiled($file)
{
    $code = trim(substr(php_strip_whitespace($file), 5));
    $code = preg_replace('~//\[RUNTIME\](.*?)//\[/RUNTIME\]~s', '', $code);
    if (strpos($code, 'namespace') === 0) {
        $code = preg_replace('~namespace\s(.*?);~', 'namespace \1{', $code, 1);
    } else {
        $code = 'namespace {' . $code;
    }
    return (substr($code, -2) === '?>' ? substr($code, 0, -2) : $code) . '}';
}

function stripped($text)
{
    $out = '';
    $after_blank = false;
    $tokens = token_get_all($text);
    for ($at = 0, $count = count($tokens); $at < $count; $at++) {
        $token = $tokens[$at];
        if (is_string($token)) {
            $after_blank = false;
            $out .= $token;
            continue;
        }
        switch ($token[0]) {
            case T_COMMENT:
            case T_DOC_COMMENT:
                break;
            case T_WHITESPACE:
                $out .= $after_blank ? '' : ' ';
                $after_blank = true;
                break;
            case T_START_HEREDOC:
                $out .= "<<<THINK\n";
                break;
            case T_END_HEREDOC:
                $out .= "THINK;\n";
                for ($next = $at + 1; $next < $count; $next++) {
                    if ($tokens[$next] === ';') {
                        $at = $next;
                        break;
                    }
                    if ($tokens[$next][0] === T_CLOSE_TAG) {
                        break;
                    }
                }
                break;
            default:
                $after_blank = false;
                $out .= $token[1];
        }
    }
    return $out;
}
