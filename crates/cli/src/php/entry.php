// Runs the entry script of a ThinkPHP application up to the start of the
// framework, and prints the constants that there are then. Follows common.php.
//
// The framework's start is a call that no file can answer before the framework
// declares it, so files are changed while PHP reads them: the calls that start it
// go to functions of this program, and the line numbers stay.
//
// Argument: the file. Standard input: a mark of 32 bytes that nothing else prints,
// and a serialized array of constants (a list of pairs), $_SERVER, the names of the
// SAPI and of the system.
//
// The mark is in an object that only PHP's list of shutdown functions has, which
// no script can read.

if (!function_exists('token_get_all')) {
    fwrite(STDERR, 'PHP has no tokenizer extension, without which no entry script can be run');
    exit(1);
}
$tilde_input = file_get_contents('php://stdin');
list($tilde_constants, $_SERVER, $tilde_sapi, $tilde_os) = unserialize(substr($tilde_input, 32));
tilde_define($tilde_constants);

/** What the run is about, out of reach of the scripts' variables. */
class tilde_Run
{
    public static $answer = null;
    public static $sapi;
    public static $os;
    public static $before;
    /** How many constants there were when the core of 2.x was loaded. */
    public static $core = null;

    public static function constants()
    {
        $user = tilde_user_constants();
        return self::$before === null ? $user : array_diff_key($user, self::$before);
    }
}

/** Prints the answer, once no script runs any more. */
class tilde_End
{
    private $mark;

    public function __construct($mark)
    {
        $this->mark = $mark;
    }

    public function tell()
    {
        if (tilde_Run::$answer !== null) {
            echo $this->mark, tilde_Run::$answer, $this->mark;
        }
    }
}

/** The object that entry scripts of 2.x make. */
class tilde_App
{
    public function run()
    {
        tilde_start();
    }
}

function tilde_start()
{
    tilde_Run::$answer = serialize(array(tilde_Run::constants(), tilde_Run::$core));
    while (ob_get_level() > 0 && ob_end_clean());
    exit;
}

/** `build_runtime()` of 2.x, as far as it defines constants. */
function tilde_definitions()
{
    include THINK_PATH . '/Common/defines.php';
    include defined('PATH_DEFINE_FILE') ? PATH_DEFINE_FILE : THINK_PATH . '/Common/paths.php';
    tilde_Run::$core = count(tilde_Run::constants());
}

function tilde_nothing()
{
    return null;
}

function tilde_sapi()
{
    return tilde_Run::$sapi;
}

/** The code of a file, whose calls that start the framework come to this program. */
function tilde_code($code)
{
    static $calls = array(
        'load_runtime_file' => 'tilde_start',
        'build_runtime' => 'tilde_definitions',
        'load_think_mode' => 'tilde_definitions',
        'g' => 'tilde_nothing',
        'php_sapi_name' => 'tilde_sapi',
    );
    static $methods = array('app::run', 'think\app::run', 'think::start', 'think\think::start');
    $pieces = array();
    // The last pieces that are code.
    $last = array('', '');
    $tokens = token_get_all($code);
    foreach ($tokens as $index => $token) {
        $kind = is_array($token) ? $token[0] : null;
        $text = is_array($token) ? $token[1] : $token;
        if ($kind !== T_STRING) {
            $pieces[] = $text;
            if (!in_array($kind, array(T_WHITESPACE, T_COMMENT, T_DOC_COMMENT), true)) {
                $last = array($last[1], strtolower($text));
            }
            continue;
        }
        $next = $index + 1;
        while (isset($tokens[$next]) && is_array($tokens[$next]) && $tokens[$next][0] === T_WHITESPACE) {
            $next++;
        }
        $is_call = isset($tokens[$next]) && $tokens[$next] === '(';
        $is_plain = !in_array($last[1], array('function', '::', '->', '?->', 'const', 'class', '&'), true);
        $name = strtolower($text);
        if ($is_call && $is_plain && $last[1] !== 'new' && isset($calls[$name])) {
            $text = $calls[$name];
        } elseif ($is_plain && $last[1] === 'new' && $name === 'app') {
            $text = 'tilde_App';
        } elseif ($is_plain && !$is_call && ($text === 'PHP_SAPI' || $text === 'PHP_OS')) {
            $text = var_export($text === 'PHP_OS' ? tilde_Run::$os : tilde_Run::$sapi, true);
        } elseif ($is_call && $last[1] === '::') {
            // The name of the class is one piece since PHP 8.0.
            $from = count($pieces) - 1;
            while ($from > 0 && preg_match('/^[\w\x80-\xff\\\\]+$/', $pieces[$from - 1])) {
                $from--;
            }
            $method = ltrim(strtolower(implode('', array_slice($pieces, $from))), '\\') . $name;
            if (in_array($method, $methods, true)) {
                array_splice($pieces, $from);
                $text = 'tilde_start';
            }
        }
        $pieces[] = $text;
        $last = array($last[1], strtolower($text));
    }
    return implode('', $pieces);
}

/** The files of this machine, with changed code, and without caches. */
class tilde_Files
{
    public $context;
    private $file;
    private $code = null;
    private $offset = 0;

    public static function begin()
    {
        stream_wrapper_unregister('file');
        stream_wrapper_register('file', 'tilde_Files');
    }

    private static function real($function, $arguments)
    {
        stream_wrapper_restore('file');
        $result = @call_user_func_array($function, $arguments);
        self::begin();
        return $result;
    }

    public function stream_open($path, $mode, $options, &$opened)
    {
        // 128: for an include.
        if ($options & 128) {
            $code = self::real('file_get_contents', array($path));
            $this->code = $code === false ? null : tilde_code($code);
            $opened = $path;
            return $this->code !== null;
        }
        $this->file = self::real('fopen', array($path, $mode, ($options & 1) !== 0));
        return $this->file !== false;
    }

    public function stream_read($count)
    {
        if ($this->code === null) {
            return fread($this->file, $count);
        }
        $read = (string) substr($this->code, $this->offset, $count);
        $this->offset += strlen($read);
        return $read;
    }

    public function stream_eof()
    {
        return $this->code === null ? feof($this->file) : $this->offset >= strlen($this->code);
    }

    public function stream_stat()
    {
        return $this->code === null ? fstat($this->file) : array('size' => strlen($this->code));
    }

    public function stream_write($data)
    {
        return fwrite($this->file, $data);
    }

    public function stream_seek($offset, $whence = 0)
    {
        return $this->code === null && fseek($this->file, $offset, $whence) === 0;
    }

    public function stream_tell()
    {
        return $this->code === null ? ftell($this->file) : $this->offset;
    }

    public function stream_flush()
    {
        return $this->code === null ? fflush($this->file) : true;
    }

    public function stream_lock($operation)
    {
        return $this->code === null ? flock($this->file, $operation) : true;
    }

    public function stream_set_option($option, $first, $second)
    {
        return false;
    }

    public function stream_close()
    {
        if ($this->code === null) {
            fclose($this->file);
        }
    }

    /** The first request finds no cache. */
    public function url_stat($path, $flags)
    {
        $name = basename(strtr($path, '\\', '/'));
        $is_cache = $name !== '' && $name[0] === '~' || substr($name, -12) === '~runtime.php';
        if ($is_cache || defined('RUNTIME_FILE') && RUNTIME_FILE === $path) {
            return false;
        }
        return self::real($flags & 1 ? 'lstat' : 'stat', array($path));
    }

    public function dir_opendir($path, $options)
    {
        $this->file = self::real('opendir', array($path));
        return $this->file !== false;
    }

    public function dir_readdir()
    {
        return readdir($this->file);
    }

    public function dir_rewinddir()
    {
        rewinddir($this->file);
        return true;
    }

    public function dir_closedir()
    {
        closedir($this->file);
        return true;
    }

    public function mkdir($path, $mode, $options)
    {
        return self::real('mkdir', array($path, $mode, ($options & 1) !== 0));
    }

    public function rmdir($path, $options)
    {
        return self::real('rmdir', array($path));
    }

    public function unlink($path)
    {
        return self::real('unlink', array($path));
    }

    public function rename($from, $to)
    {
        return self::real('rename', array($from, $to));
    }
}

tilde_Run::$before = tilde_Run::constants();
// The first of these functions, before any of a script.
register_shutdown_function(array(new tilde_End(substr($tilde_input, 0, 32)), 'tell'));
tilde_Run::$sapi = $tilde_sapi;
tilde_Run::$os = $tilde_os;
$tilde_file = $argv[1];
unset($tilde_input, $tilde_constants, $tilde_sapi, $tilde_os, $argv, $argc);
tilde_Files::begin();
ob_start();
include $tilde_file;
// Not after the framework started: there is no answer.
fwrite(STDERR, 'the entry script ended without starting ThinkPHP');
