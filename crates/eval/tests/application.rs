//! A whole application from its entry on: what nobody defines is not there.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use tilde_eval::{Arena, Error, Evaluator, Target, Version, export};
use tilde_testing::sources::Memory;

fn run(version: Version, is_application: bool, source: &str) -> Result<String, Error> {
    let mut target = Target::new(version);
    target.is_application = is_application;
    run_in(target, source)
}

fn run_in(mut target: Target, source: &str) -> Result<String, Error> {
    let files = Memory::new(&[
        ("/app/setting.php", "<?php return 'here';"),
        ("/app/Conf/other.php", "<?php return 'beside';"),
        ("/app/Conf/config.php", "<?php return include 'other.php';"),
    ]);
    target.working_directory = Some("/app".into());
    let arena = Arena::new();
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let value = evaluator.run(Path::new("/app/index.php"), format!("<?php {source}").as_bytes())?;
    Ok(String::from_utf8(export::var_export(&value, &target).unwrap()).unwrap())
}

#[test]
fn what_the_program_puts_into_a_request_is_known() {
    for (source, expected) in [
        ("$_GET['a'] = 1; return $_GET['a'];", "1"),
        ("$_GET['a'] = 1; function f() { return $_GET['a']; } return f();", "1"),
        ("function f() { $_POST['b'] = 2; } f(); return $_POST['b'];", "2"),
        ("$_GET['a'] = 1; unset($_GET['a']); return isset($_GET['a']);", "false"),
        ("$_GET = array(); return count($_GET);", "0"),
        ("$_GET['b'] = 1; $_GET = array('a' => 2); return isset($_GET['b']);", "false"),
        ("function f() { $_REQUEST = array(3); } f(); return $_REQUEST[0];", "3"),
        ("$_SERVER['X'] = 'q'; function f() { return $_SERVER['X']; } return f();", "'q'"),
        ("$_SERVER['N'] = 1; $_SERVER['N']++; $_SERVER['N'] .= 'x'; return $_SERVER['N'];", "'2x'"),
        ("$_SERVER['N'] = 1; $r = &$_SERVER['N']; $r = 3; return $_SERVER['N'];", "3"),
        ("$_SERVER['N'] = 1; $r = &$_SERVER['N']; unset($_SERVER['N']); return $r;", "1"),
        ("$_SERVER['N'] = 1; unset($_SERVER['N']); return empty($_SERVER['N']);", "true"),
        ("$_SESSION['a'] = 1; return $_SESSION['a'];", "1"),
    ] {
        assert_eq!(run(Version::V7_4, true, source).unwrap(), expected, "{source}");
        assert_eq!(run(Version::V7_4, false, source).unwrap(), expected, "{source}");
    }
}

#[test]
fn what_a_request_may_bring_is_unknown() {
    for source in [
        "return empty($_GET['a']);",
        "return isset($_COOKIE['a']);",
        "return count($_POST);",
        "foreach ($_REQUEST as $a) {} return 1;",
        "$_GET['a'] = 1; return count($_GET);",
        "$_GET[] = 1; return 1;",
        "$_GET['a'] .= 'b'; return 1;",
        "$_GET['a']['b'] = 1; return 1;",
        "$a = &$_GET['a']; return $a;",
        "$a = $_GET; return $a;",
        "$a = strtolower($_GET['a']); return $a;",
        "$a = $_GET['a']; if ($a) { define('A', 1); } return 1;",
        "$a = isset($_SERVER['HTTP_X']) ? 1 : 2; return $a;",
        "function f() { return $_GET['a']; } $a = f(); return 1;",
        "$a = $b = $_GET['a']; return 1;",
        "$_SERVER['X']++; return 1;",
        "return $_SERVER['HTTP_X'];",
        "return isset($_SERVER['HTTP_X']);",
        "$_SERVER['X'] = 1; return $_SERVER;",
    ] {
        for is_application in [true, false] {
            let error = run(Version::V7_4, is_application, source).unwrap_err();
            assert!(error.to_string().contains("is known only when PHP runs"), "{source}: {error}");
        }
    }
}

#[test]
fn a_variable_that_nobody_reads_may_be_a_requests() {
    for source in [
        "$a = strtolower($_GET['a']); return 1;",
        "$a = isset($_SERVER['HTTP_ORIGIN']) ? $_SERVER['HTTP_ORIGIN'] : ''; return 1;",
        "$a = 2; $a = $_COOKIE; $a = 1; return $a;",
    ] {
        assert_eq!(run(Version::V7_4, true, source).unwrap(), "1", "{source}");
    }
}

#[test]
fn what_a_request_decides_may_be_an_effect_alone() {
    for source in [
        "if (isset($_POST['PHPSESSID'])) { session_id($_POST['PHPSESSID']); } return 1;",
        "if ($_REQUEST['a']) header('X: ' . $_GET['b']); else { flush(); } return 1;",
        "if (isset($_SERVER['HTTP_ORIGIN'])) { header('A: ' . $_SERVER['HTTP_ORIGIN']); } return 1;",
        "if (empty($_GET['a'])): session_start(); elseif ($_GET['b'] > 2): endif; return 1;",
    ] {
        assert_eq!(run(Version::V7_4, true, source).unwrap(), "1", "{source}");
    }
    for source in [
        "if ($_GET['a']) { define('A', 1); } return 1;",
        "if ($_GET['a']) { header('a'); exit; } return 1;",
        "if ($_GET['a'] || $b = 1) { header('a'); } return 1;",
        "if ($_GET['a']) { header($b = 2); } return 1;",
        "if ($_GET['a']) { set_include_path('/a'); } return 1;",
        "function f() { return $_GET['a']; } if (f()) { header('a'); } return 1;",
        "if ($_GET['a']) { session_set_cookie_params(1); } return session_get_cookie_params();",
    ] {
        assert!(run(Version::V7_4, true, source).is_err(), "{source}");
    }
}

#[test]
fn a_request_may_be_said_to_be_empty() {
    let mut target = Target::new(Version::V7_4);
    target.is_request_empty = true;
    for (source, expected) in [
        ("return empty($_GET['a']);", "true"),
        ("$_GET['a'] = 1; return count($_GET);", "1"),
        ("function f($a) { return $a; } $_GET = f($_GET); return count($_GET);", "0"),
        ("$_POST['a']['b'] = 1; return $_POST['a']['b'];", "1"),
        ("$n = 0; foreach ($_COOKIE as $a) { $n++; } return $n;", "0"),
    ] {
        assert_eq!(run_in(target.clone(), source).unwrap(), expected, "{source}");
    }
}

#[test]
fn an_entry_may_be_said_to_be_absent() {
    let mut target = Target::new(Version::V7_4);
    target.server = vec![("HTTPS".into(), None), ("A".into(), Some("b".into()))];
    for (source, expected) in [
        ("return isset($_SERVER['HTTPS']);", "false"),
        ("return $_SERVER['HTTPS'];", "NULL"),
        ("return $_SERVER['HTTPS'] ?? 'off';", "'off'"),
        ("$_SERVER['HTTPS'] .= 'x'; return $_SERVER['HTTPS'];", "'x'"),
        ("$_SERVER['A'] .= 'x'; return $_SERVER['A'];", "'bx'"),
    ] {
        assert_eq!(run_in(target.clone(), source).unwrap(), expected, "{source}");
    }
}

/// As `isset()`, where the entry is not null.
#[test]
fn a_key_of_a_request_is_asked_for() {
    let set = "$_SERVER['A'] = 'x'; $_GET['b'] = 1;";
    for (source, expected) in [
        ("return array_key_exists('A', $_SERVER);", "true"),
        ("return key_exists('b', $_GET);", "true"),
        ("return \\array_key_exists('SCRIPT_NAME', $_SERVER);", "true"),
        ("return array_key_exists('NONE', $_SERVER);", "false"),
        ("$n = 0; return array_key_exists('A' . $n++, $_SERVER) . $n;", "'1'"),
    ] {
        let mut target = Target::new(Version::V7_4);
        target.is_application = true;
        target.script_name = Some("/index.php".into());
        let absent = ["NONE", "A0"].map(|name| (name.into(), None));
        target.server.extend(absent);
        assert_eq!(run_in(target, &format!("{set}{source}")).unwrap(), expected, "{source}");
    }
    for source in [
        "return array_key_exists('HTTP_X', $_SERVER);",
        "return array_key_exists('a', $_COOKIE);",
        "$_SERVER['A'] = null; return array_key_exists('A', $_SERVER);",
        "unset($_SERVER['A']); return array_key_exists('A', $_SERVER);",
    ] {
        assert!(run(Version::V7_4, true, source).is_err(), "{source}");
    }
    let empty = "$_GET = array('a' => null); return array_key_exists('a', $_GET);";
    assert_eq!(run(Version::V7_4, true, empty).unwrap(), "true");
}

#[test]
fn global_variables_are_those_of_the_entry_script() {
    for (source, expected) in [
        ("function f() { global $none; return $none; } return f();", "NULL"),
        ("$a = 1; function f() { global $a; return $a; } return f();", "1"),
        ("$a = 1; function f() { global $a; $a = 2; } f(); return $a;", "2"),
        ("function f() { global $a; $a = 7; } f(); return $a;", "7"),
        ("$a = 1; function f() { return $GLOBALS['a']; } return f();", "1"),
        ("function f() { $GLOBALS['a'] = 3; } f(); return $a;", "3"),
        ("$a = 1; function f() { unset($GLOBALS['a']); } f(); return isset($a);", "false"),
        ("return isset($GLOBALS['none']);", "false"),
        ("$a = 1; function f() { return isset($a); } return f();", "false"),
    ] {
        assert_eq!(run(Version::V7_4, true, source).unwrap(), expected, "{source}");
    }
    for source in [
        "function f() { global $argv; return $argv; } return f();",
        "return $GLOBALS['_SERVER'];",
        "return $GLOBALS['HTTP_RAW_POST_DATA'];",
    ] {
        assert!(run(Version::V5_6, true, source).is_err(), "{source}");
    }
    // Alone a file does not know who includes it.
    assert!(run(Version::V7_4, false, "return isset($GLOBALS['none']);").is_err());
}

#[test]
fn a_name_that_is_no_constant_stands_for_itself() {
    let source = "return array(SOME_NAME => other);";
    let expected = "array (\n  'SOME_NAME' => 'other',\n)";
    assert_eq!(run(Version::V7_4, true, source).unwrap(), expected);
    assert_eq!(run(Version::V5_2, true, source).unwrap(), expected);
    assert!(run(Version::V8_0, true, source).is_err());
    assert!(run(Version::V7_4, false, source).is_err());
    // An extension may have it.
    assert!(run(Version::V7_4, true, "return CURLOPT_URL;").is_err());
}

#[test]
fn a_file_is_found_by_its_name_alone() {
    let path = "set_include_path(get_include_path() . PATH_SEPARATOR . '/app/Vendor'); ";
    for before in ["", path] {
        let run = |source: &str| run(Version::V7_4, true, &format!("{before}{source}")).unwrap();
        assert_eq!(run("return include 'setting.php';"), "'here'");
        assert_eq!(run("return include './Conf/config.php';"), "'beside'");
    }
}

#[test]
fn magic_quotes_are_what_the_target_says() {
    let source = "return array(ini_get('magic_quotes_gpc'), ini_get('magic_quotes_runtime'));";
    let gone = "array (\n  0 => false,\n  1 => false,\n)";
    assert_eq!(run(Version::V5_4, false, source).unwrap(), gone);
    assert_eq!(run(Version::V5_2, false, source).unwrap(), "array (\n  0 => '1',\n  1 => '0',\n)");
    assert!(run(Version::V7_4, false, "return ini_get('display_errors');").is_err());
}

#[test]
fn extensions_are_those_that_the_target_names() {
    let mut target = Target::new(Version::V7_4);
    target.extensions = Some(vec!["mbstring".to_owned(), "memcached".to_owned()]);
    for (source, expected) in [
        ("return extension_loaded('mbstring') && extension_loaded('SPL');", "true"),
        ("return extension_loaded('gd');", "false"),
        ("return function_exists('mb_substr');", "true"),
        ("return function_exists('imagecreatetruecolor');", "false"),
        ("return function_exists('json_encode');", "false"),
        ("return function_exists('swoole_version');", "false"),
        ("return function_exists('zend_loader_enabled');", "false"),
        ("return function_exists('MongoDB\\apply');", "false"),
        ("return function_exists('strlen');", "true"),
    ] {
        assert_eq!(run_in(target.clone(), source).unwrap(), expected, "{source}");
    }
    assert_eq!(run(Version::V7_4, true, "return PDO::ATTR_CASE;").unwrap(), "8");
    assert!(run_in(target.clone(), "return PDO::ATTR_CASE;").is_err());
    let own = "class PDO { const ATTR_CASE = 1; } return PDO::ATTR_CASE;";
    assert_eq!(run(Version::V7_4, true, own).unwrap(), "1");
    target.is_application = true;
    let interface = "return interface_exists('Psr\\Log\\LoggerInterface');";
    assert_eq!(run_in(target.clone(), interface).unwrap(), "false");
    // A build may be without it.
    assert!(run_in(target, "return function_exists('mb_ereg');").is_err());
    let unknown = "return extension_loaded('mbstring');";
    assert!(run(Version::V7_4, true, unknown).is_err());
    assert!(run(Version::V7_4, true, "return function_exists('ob_gzhandler');").is_err());
}

#[test]
fn namespaces_that_no_extension_has_are_the_programs() {
    for (source, is_known) in [
        ("return function_exists('React\\Promise\\resolve');", true),
        ("return function_exists('GuzzleHttp\\uri_template');", true),
        ("return class_exists('React\\Promise\\Promise');", true),
        ("return function_exists('MongoDB\\apply');", false),
        ("return function_exists('Swoole\\Coroutine\\run');", false),
        ("return class_exists('Psr\\Log\\LogLevel');", false),
        ("return class_exists('Random\\Randomizer');", false),
    ] {
        let answer = run(Version::V7_4, true, source);
        assert_eq!(answer.ok().as_deref(), is_known.then_some("false"), "{source}");
    }
}

#[test]
fn autoloaders_run_where_php_runs_them() {
    let noting = "$log = []; spl_autoload_register(function ($c) use (&$log) { $log[] = $c; \
        if ($c === 'Z1') { class Z1 { const A = 1; } } });";
    let two = "class L { public $log = ''; function a($c) { $this->log .= \"a$c \"; } \
        function b($c) { $this->log .= \"b$c \"; } } $l = new L; \
        spl_autoload_register([$l, 'a']); spl_autoload_register([$l, 'b'], true, true);";
    let base = "$l = function ($c) { if ($c == 'Z2') { class Z2 extends Z3 {} } \
        if ($c == 'Z3') { class Z3 { public $v = 4; } } }; spl_autoload_register($l);";
    for (before, source, expected) in [
        (noting, "return Z1::A . class_exists('z1', false) . implode(',', $log);", "'11Z1'"),
        (
            noting,
            "class_exists('\\Z4'); interface_exists('N\\Z5'); return implode(',', $log);",
            "'Z4,N\\\\Z5'",
        ),
        (noting, "class_exists('Z6', false); $is = $log instanceof Z7; return $log;", "array (\n)"),
        (noting, "new Z1; class_exists('z1'); return implode(',', $log);", "'Z1'"),
        (two, "spl_autoload_register([$l, 'a']); class_exists('Z'); return $l->log;", "'bZ aZ '"),
        (
            two,
            "spl_autoload_unregister([$l, 'b']); spl_autoload_unregister([new L, 'a']); \
             class_exists('Z'); return $l->log;",
            "'aZ '",
        ),
        (base, "$z = new Z2; return $z->v;", "4"),
        (base, "return spl_autoload_unregister($l) && !spl_autoload_unregister($l);", "true"),
    ] {
        let source = format!("{before} {source}");
        assert_eq!(run(Version::V7_4, true, &source).unwrap(), expected, "{source}");
    }
}

#[test]
fn a_class_that_nobody_can_load_is_not_there() {
    for source in [
        "return class_exists('');",
        "return class_exists('a b');",
        "return class_exists('Page');",
        "interface Page {} return class_exists('Page');",
        "return interface_exists('Page');",
    ] {
        assert_eq!(run(Version::V7_4, true, source).unwrap(), "false", "{source}");
    }
    for source in [
        // An extension may have it.
        "return class_exists('swoole_server');",
        "return class_exists('Redis');",
        // PHP may have it.
        "return class_exists('SplHeap');",
        // Somebody may load it.
        "spl_autoload_register('f'); return class_exists('Page');",
        "function __autoload($class) {} return class_exists('Page');",
    ] {
        assert!(run(Version::V7_4, true, source).is_err(), "{source}");
    }
    assert!(run(Version::V7_4, false, "return class_exists('Page');").is_err());
    let mut target = Target::new(Version::V7_4);
    (target.is_application, target.extensions) = (true, Some(Vec::new()));
    assert_eq!(run_in(target, "return class_exists('swoole_server');").unwrap(), "false");
}

/// As the PHPs of the oracle answer, which have these four extensions or three.
#[test]
fn wrappers_are_those_of_the_extensions() {
    let all = |version, names: &[&str]| {
        let mut target = Target::new(version);
        target.is_application = true;
        target.extensions = Some(names.iter().map(|name| (*name).to_owned()).collect());
        run_in(target, "return implode(' ', stream_get_wrappers());").map_err(|_| ())
    };
    let four = all(Version::V5_6, &["zip", "Phar", "zlib", "openssl", "mbstring"]);
    let expected = "'https ftps compress.zlib php file glob data http ftp phar zip'";
    assert_eq!(four.as_deref(), Ok(expected));
    let three = all(Version::V5_2, &["openssl", "zlib", "zip"]);
    assert_eq!(three.as_deref(), Ok("'https ftps compress.zlib php file data http ftp zip'"));
    assert_eq!(all(Version::V8_2, &[]).as_deref(), Ok("'php file glob data http ftp'"));
    assert!(all(Version::V8_2, &["ssh2"]).is_err());
    assert!(run(Version::V7_4, true, "return stream_get_wrappers();").is_err());
}

#[test]
fn a_session_that_was_changed_is_unknown() {
    let asks = "$p = session_get_cookie_params(); return $p['path'];";
    assert_eq!(run(Version::V7_4, true, asks).unwrap(), "'/'");
    for before in ["session_set_cookie_params(5, '/a');", "ini_set('session.cookie_path', '/a');"] {
        assert!(run(Version::V7_4, true, &format!("{before} {asks}")).is_err(), "{before}");
    }
}

#[test]
fn what_was_removed_is_said_to_be() {
    for (source, function, version) in [
        ("return get_magic_quotes_gpc();", "get_magic_quotes_gpc", "8.0"),
        ("return call_user_func('get_magic_quotes_gpc');", "get_magic_quotes_gpc", "8.0"),
        ("set_magic_quotes_runtime(0); return 1;", "set_magic_quotes_runtime", "7.0"),
        ("return @set_magic_quotes_runtime(0);", "set_magic_quotes_runtime", "7.0"),
        ("return ereg('a', 'b');", "ereg", "7.0"),
        ("return create_function('', '');", "create_function", "8.0"),
    ] {
        let error = run(Version::V8_2, true, source).unwrap_err().to_string();
        let expected = format!("{function}() was removed in PHP {version}");
        assert!(error.contains(&expected), "{source}: {error}");
    }
}
