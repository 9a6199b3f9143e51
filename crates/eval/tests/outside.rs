//! Calls that nobody wants the answer of, answers that nobody knows, and what
//! exists.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use tilde_eval::{Arena, ErrorKind, Evaluator, System, Target, Unknown, Value, Version, export};
use tilde_testing::sources::Memory;

fn run_for(target: &Target, files: &[(&str, &str)], source: &str) -> Result<String, ErrorKind> {
    let (arena, files) = (Arena::new(), Memory::new(files));
    let mut evaluator = Evaluator::new(&arena, &files, target);
    let source = format!("<?php {source}");
    let value = evaluator.run(Path::new("/app/index.php"), source.as_bytes());
    let text = export::var_export(&value.map_err(|error| error.kind)?, target)?;
    Ok(String::from_utf8(text).unwrap().replace('\n', ""))
}

fn run_in(version: Version, source: &str) -> Result<String, ErrorKind> {
    run_for(&Target::new(version), &[], source)
}

#[track_caller]
fn assert_gives(source: &str, expected: &str) {
    for version in [Version::V5_2, Version::V5_6, Version::V7_4, Version::V8_2] {
        match run_in(version, source) {
            Ok(text) => assert_eq!(text, expected, "{source} in {version:?}"),
            Err(error) => panic!("{source} in {version:?}: {error}"),
        }
    }
}

/// That reading something unknown is refused, with the function that made it.
#[track_caller]
fn assert_unknown(source: &str, function: &str) {
    for version in [Version::V5_4, Version::V7_4, Version::V8_2] {
        match run_in(version, source) {
            Err(ErrorKind::Unknown(Unknown::Function(name))) => assert_eq!(name, function),
            Err(error) => panic!("{source} in {version:?}: {error}"),
            Ok(text) => panic!("{source} in {version:?} gave {text}"),
        }
    }
}

#[test]
fn effects_that_do_not_matter_are_left_out() {
    assert_gives("header('A: b'); return 1;", "1");
    assert_gives("@ini_set('display_errors', 'Off'); return 1;", "1");
    assert_gives("(@error_reporting(E_ALL)); return 1;", "1");
    assert_gives("header('X: ' . $_SERVER['HTTP_HOST'] . 'b'); return 1;", "1");
    assert_gives("set_include_path(get_include_path() . PATH_SEPARATOR . '/v'); return 1;", "1");
    assert_gives("defined('X') or header('A'); 1 && session_start(); return 1;", "1");
    assert_gives("spl_autoload_register(array('Think', 'autoload')); return 1;", "1");
    assert_gives("for (set_time_limit(0), $i = 0; $i < 2; $i++); return $i;", "2");
    assert_gives("header('A: ' . ($a = 'b')); return $a;", "'b'");
    assert_gives("time(); return 1;", "1");
}

#[test]
fn effects_that_matter_are_refused() {
    for source in [
        "ini_set('precision', 17);",
        "ini_set('include_path', '/x');",
        "ini_set($_GET['a'], 1);",
        "setlocale(LC_ALL, 'de');",
        "mb_internal_encoding('GBK');",
        "header(UNKNOWN);",
        "header(unknown());",
        "header(time() . UNKNOWN);",
        "header(time() . ($a = 1));",
        "function f() { define('A', time()); } header(f());",
        "$a = header('a') . 'b';",
        "return header('a');",
        "unknown();",
        "trigger_error('a');",
        "mkdir('/a');",
    ] {
        assert!(run_in(Version::V7_4, source).is_err(), "{source}");
    }
    let removed = "@set_magic_quotes_runtime(0); return 1;";
    assert!(matches!(run_in(Version::V5_2, removed).as_deref(), Ok("1")));
    assert!(matches!(run_in(Version::V5_6, removed).as_deref(), Ok("1")));
    assert!(matches!(run_in(Version::V7_0, removed), Err(ErrorKind::Fatal(_))));
    assert!(run_in(Version::V5_2, "set_magic_quotes_runtime(1);").is_err());
    assert!(matches!(run_in(Version::V7_2, "$a = hrtime();"), Err(ErrorKind::Fatal(_))));
}

#[test]
fn what_is_unknown_may_be_assigned() {
    assert_gives("$t = time(); return 1;", "1");
    assert_gives("$GLOBALS['_beginTime'] = microtime(TRUE); return 1;", "1");
    assert_gives("$t = microtime(true); $t = 2; return $t;", "2");
    assert_gives("$a = array('b' => 1); $a['t'] = time(); $a = 5; return $a;", "5");
    assert_gives("$t = time(); unset($t); return isset($t);", "false");
    assert_gives("$t = time(); $u = 1; $t = &$u; return $t;", "1");
    assert_gives("$GLOBALS['a'] = time(); $GLOBALS['a'] = 3; return $GLOBALS['a'];", "3");
    assert_gives(
        "function g($n) { static $i = array(); $i[$n] = microtime(TRUE); } g('a'); g('b'); return 1;",
        "1",
    );
    assert_gives("$o = php_uname('n'); $i = ini_get('a'); $e = getenv('b'); return 1;", "1");
    assert_gives("$old = error_reporting(0); return 1;", "1");
    assert_gives("$a = 1; $b = &$a; $b = time(); $a = 2; return $b;", "2");
}

#[test]
fn what_is_unknown_is_not_read() {
    for source in [
        "$t = time(); return $t;",
        "$t = 5; $t = time(); return $t;",
        "$t = time(); return isset($t);",
        "$t = time(); return empty($t);",
        "$t = time(); return \"a $t\";",
        "$t = time(); $t++;",
        "$t = time(); $t .= 'a';",
        "$t = time(); $t['a'] = 1;",
        "$t = time(); $a = array(); $a[$t] = 1; return $a;",
        "$t = time(); if ($t) { return 1; } return 2;",
        "$t = time(); foreach ($t as $a) {} return 1;",
        "$t = time(); return compact('t');",
        "$t = time(); $u = $t; return 1;",
        "$t = time(); $a = array('t' => &$t); return 1;",
        "$t = time(); $a['t'] = &$t; return 1;",
        "$t = time(); $u = &$t; return $u;",
        "$t = time(); list($a) = $t; return 1;",
        "$t = time(); sort($t); return 1;",
        "$t = time(); switch ($t) { default: return 1; }",
        "$t = time(); $n = 't'; return $$n;",
        "$t = time(); define('T', $t);",
        "$t = time(); function f(&$a) { return $a; } return f($t);",
        "$t = time(); function f(&$a) { return func_get_args(); } return f($t);",
        "$t = time(); $f = function () use ($t) { return $t; }; return $f();",
        "$t = time(); $f = function () use (&$t) { return $t; }; return $f();",
        "$a = 1; $b = &$a; $b = time(); return $a;",
        "$a = array('x' => 1); $a['t'] = time(); return $a['t'];",
        "$a = array('x' => 1); $a['t'] = time(); return $a;",
        "$a = array('x' => 1); $a['t'] = time(); return count($a);",
        "$a = array(array()); $a[0]['t'] = time(); return $a[0];",
        "$a = array(1); $b = array(&$a); $a[0] = time(); return $b;",
        "$a = 1; $b = array(&$a); $a = time(); return $b;",
        "$o = new stdClass; $p = $o; $o->t = time(); return $p;",
        "$GLOBALS['t'] = time(); return $GLOBALS['t'];",
        "$GLOBALS['t'] = time(); return isset($GLOBALS['t']);",
        "$GLOBALS['t'] = time(); function f() { global $t; return $t; } return f();",
        "class A { static $t; } A::$t = time(); return A::$t;",
        "function f() { static $t; $t = time(); } function g() { f(); return 1; } \
         function h() { static $t = 1; if ($t === 1) { $t = time(); return h(); } return $t; } \
         g(); return h();",
        "return time();",
        "return $t = time();",
        "$a = $b = time(); return $a;",
        "$t = time() + 1;",
    ] {
        assert_unknown(source, "time");
    }
    assert_unknown("$a = 'text'; $a[0] = uniqid(); return 1;", "uniqid");
    assert!(run_in(Version::V7_4, "$t = time(); $f = fn() => $t; return $f();").is_err());
    assert!(run_in(Version::V7_4, "$t = time(); return $t ?? 1;").is_err());
    assert!(run_in(Version::V7_4, "$t = time(); $t ??= 1; return 1;").is_err());
    assert!(matches!(
        run_in(Version::V7_4, "$t = time(); $f = fn() => 1; return $f();").as_deref(),
        Ok("1")
    ));
}

#[test]
fn unknown_variables_are_not_given_away() {
    let (arena, files, target) = (Arena::new(), Memory::default(), Target::new(Version::V7_4));
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    evaluator.run(Path::new("/a.php"), b"<?php $a = 1; $t = time();").unwrap();
    assert!(evaluator.variables().is_err());
    assert!(evaluator.run(Path::new("/b.php"), b"<?php return $t;").is_err());
    assert!(matches!(evaluator.run(Path::new("/c.php"), b"<?php return $a;"), Ok(Value::Int(1))));
}

#[test]
fn existence_is_known_where_no_php_differs() {
    for name in ["memory_get_usage", "Microtime", "header", "fopen", "file_put_contents"] {
        assert_gives(&format!("return function_exists('{name}');"), "true");
    }
    let exists =
        |version, name: &str| run_in(version, &format!("return function_exists('{name}');")).ok();
    let known = |value: bool| Some(value.to_string());
    assert_eq!(exists(Version::V5_2, "gc_enable"), known(false));
    assert_eq!(exists(Version::V5_3, "gc_enable"), known(true));
    assert_eq!(exists(Version::V5_2, "spl_autoload_register"), None);
    assert_eq!(exists(Version::V5_3, "spl_autoload_register"), known(true));
    assert_eq!(exists(Version::V7_4, "get_magic_quotes_gpc"), known(true));
    assert_eq!(exists(Version::V8_0, "get_magic_quotes_gpc"), known(false));
    assert_eq!(exists(Version::V8_0, "curl_init"), None);
    assert_eq!(exists(Version::V7_0, "mb_strlen_of_an_extension"), None);
    assert_eq!(exists(Version::V5_6, "saeAutoLoader"), known(false));
    assert_eq!(exists(Version::V5_6, "zend_loader_file_encoded"), known(false));
    let mut target = Target::new(Version::V7_4);
    target.absent_functions = vec!["memcache_init".to_owned()];
    target.absent_classes = vec!["yaf\\app".to_owned()];
    let source = "return [function_exists('Memcache_init'), class_exists('\\\\Yaf\\\\App')];";
    assert_eq!(run_for(&target, &[], source).unwrap(), "array (  0 => false,  1 => false,)");
    assert!(run_for(&target, &[], "return function_exists('saeAutoLoader');").is_err());
}

#[test]
fn magic_quotes_are_as_the_target_says() {
    let source = "return array(get_magic_quotes_gpc(), get_magic_quotes_runtime());";
    let run = |version| run_in(version, source).ok();
    assert_eq!(run(Version::V5_2).as_deref(), Some("array (  0 => 1,  1 => 0,)"));
    assert_eq!(run(Version::V5_4).as_deref(), Some("array (  0 => false,  1 => false,)"));
    assert_eq!(run(Version::V7_4).as_deref(), Some("array (  0 => false,  1 => false,)"));
    assert_eq!(run(Version::V8_0), None);
    let mut target = Target::new(Version::V5_3);
    target.magic_quotes = false;
    assert_eq!(run_for(&target, &[], source).unwrap(), "array (  0 => 0,  1 => 0,)");
}

/// PHP has many wrappers, some of which need no slashes.
#[test]
fn what_lies_behind_a_url_is_unknown() {
    let urls = ["phar://a.phar/b.php", "php://filter/resource=b.php", "data:,<?php", "file:///b"];
    for url in urls {
        for call in ["@include 'URL'", "include_once 'URL'", "file_get_contents('URL')"] {
            let source = format!("return {};", call.replace("URL", url));
            let error = run_in(Version::V7_4, &source).unwrap_err();
            assert!(error.to_string().contains("behind a URL"), "{source}: {error}");
        }
    }
    assert_gives("return is_file('/a/b://c');", "false");
    let error = run_in(Version::V7_4, "return phpversion('gd');").unwrap_err();
    assert!(error.to_string().contains("the version of an extension"), "{error}");
}

#[test]
fn an_include_path_of_the_program_is_respected() {
    let mut target = Target::new(Version::V5_6);
    target.working_directory = Some(PathBuf::from("/work"));
    let files = [("/work/here.php", "<?php return 1;"), ("/app/beside.php", "<?php return 2;")];
    let run = |source: &str| run_for(&target, &files, source).ok();
    let longer = "set_include_path(get_include_path() . PATH_SEPARATOR . '/v');";
    assert_eq!(run("return include 'here.php';").as_deref(), Some("1"));
    assert_eq!(run("return include 'beside.php';").as_deref(), Some("2"));
    assert_eq!(run("return is_file('beside.php');").as_deref(), Some("false"));
    assert_eq!(run(&format!("{longer} return include 'here.php';")).as_deref(), Some("1"));
    assert_eq!(run(&format!("{longer} return include 'beside.php';")), None);
    assert_eq!(run(&format!("{longer} return include './here.php';")).as_deref(), Some("1"));
    assert_eq!(run("set_include_path('/v'); return include 'here.php';"), None);
    assert_eq!(
        run("set_include_path('/v'); return include '/work/here.php';").as_deref(),
        Some("1")
    );
}

#[test]
fn files_know_their_real_paths() {
    let mut target = Target::new(Version::V5_6);
    target.working_directory = Some(PathBuf::from("/app"));
    let text = "<?php return array(__FILE__, __DIR__, dirname(__FILE__));";
    let files = [("/app/lib/a.php", text), ("/app/index.php", "")];
    let expected = "array (  0 => '/app/lib/a.php',  1 => '/app/lib',  2 => '/app/lib',)";
    for path in ["./lib/a.php", "lib/../lib/./a.php", "/app/./lib/a.php"] {
        let source = format!("return include '{path}';");
        assert_eq!(run_for(&target, &files, &source).unwrap(), expected);
    }
    let (arena, files) = (Arena::new(), Memory::new(&files));
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let value = evaluator.include(Path::new("/app/lib/../lib/a.php")).unwrap();
    let text = export::var_export(&value, &target).unwrap();
    assert_eq!(String::from_utf8(text).unwrap().replace('\n', ""), expected);
}

/// Files of a Windows on any system.
struct Windows(&'static [(&'static str, &'static str)]);

impl tilde_eval::Sources for Windows {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let found = self.0.iter().find(|(name, _)| Path::new(name) == path);
        let text = found.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))?.1;
        Ok(text.as_bytes().to_vec())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.iter().any(|(name, _)| Path::new(name) == path)
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        self.is_file(path).then(|| path.to_owned())
    }
}

#[test]
fn paths_of_windows_work() {
    let files = Windows(&[
        (
            r"D:\wamp\www\app\index.php",
            "<?php define('APP_PATH', './App/'); $a = require './ThinkPHP/Think.php';
            return array($a, dirname(__FILE__) . '/', basename(dirname(__DIR__)), \
            include __DIR__ . '/ThinkPHP/../c.php', is_file('c.php'), pathinfo(__FILE__));",
        ),
        (r"D:\wamp\www\app\ThinkPHP\Think.php", "<?php return array(__FILE__, __DIR__);"),
        (r"D:\wamp\www\app\c.php", "<?php return __FILE__;"),
    ]);
    let mut target = Target::new(Version::V5_6);
    target.system = System::Windows;
    target.working_directory = Some(PathBuf::from(r"D:\wamp\www\app"));
    let arena = Arena::new();
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let value = evaluator.include(Path::new(r"D:\wamp\www\app\index.php")).unwrap();
    let text = export::var_export(&value, &target).unwrap();
    let expected = r"array (
  0 => 
  array (
    0 => 'D:\\wamp\\www\\app\\ThinkPHP\\Think.php',
    1 => 'D:\\wamp\\www\\app\\ThinkPHP',
  ),
  1 => 'D:\\wamp\\www\\app/',
  2 => 'www',
  3 => 'D:\\wamp\\www\\app\\c.php',
  4 => true,
  5 => 
  array (
    'dirname' => 'D:\\wamp\\www\\app',
    'basename' => 'index.php',
    'extension' => 'php',
    'filename' => 'index',
  ),
)";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn constants_keep_their_first_value() {
    let mut target = Target::new(Version::V5_6);
    target.constants = vec![("GIVEN".into(), Value::Int(1))];
    let (arena, files) = (Arena::new(), Memory::default());
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let source = b"<?php const A = 1; const A = 2; const GIVEN = 2;
        return array(define('A', 3), define('GIVEN', 3), define('B', 4), A, GIVEN);";
    let value = evaluator.run(Path::new("/a.php"), source).unwrap();
    let text = export::var_export(&value, &target).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap().replace('\n', ""),
        "array (  0 => false,  1 => false,  2 => true,  3 => 1,  4 => 1,)"
    );
    let names: Vec<_> = evaluator.constants().map(|(name, _)| name.to_string()).collect();
    assert_eq!(names, ["GIVEN", "A", "B"]);
}

#[test]
fn the_working_directory_is_the_targets() {
    let mut target = Target::new(Version::V5_6);
    target.working_directory = Some(PathBuf::from("/app/lib/.."));
    let files = [("/app/lib/a.php", "")];
    assert_eq!(run_for(&target, &files, "return getcwd();").unwrap(), "'/app'");
    assert!(matches!(run_in(Version::V5_6, "return getcwd();"), Err(ErrorKind::Unknown(_))));
}

#[test]
fn a_function_that_is_gone_is_said_to_be_gone() {
    let error = run_in(Version::V8_0, "return get_magic_quotes_gpc();").unwrap_err();
    let expected = "PHP stops here: get_magic_quotes_gpc() was removed in PHP 8.0";
    assert_eq!(error.to_string(), expected);
    // Another file may declare one that is not there yet.
    let error = run_in(Version::V7_4, "return str_contains('a', 'b');").unwrap_err();
    assert!(matches!(error, ErrorKind::Unknown(Unknown::Function(_))));
}
