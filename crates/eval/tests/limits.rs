//! Nothing loops for ever, overflows the stack or eats the memory, and what
//! stops says where.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use tilde_eval::{Arena, ErrorKind, Evaluator, Limit, Limits, Target, Value, Version, export};
use tilde_testing::sources::Memory;

fn run_in(version: Version, source: &str) -> Result<Value, ErrorKind> {
    let (arena, files, target) = (Arena::new(), Memory::default(), Target::new(version));
    // A debug build takes a minute for as many steps as there are by default.
    let limits = Limits { steps: 2_000_000, ..Limits::default() };
    let mut evaluator = Evaluator::new(&arena, &files, &target).with_limits(limits);
    let source = format!("<?php {source}");
    evaluator.run(Path::new("/a.php"), source.as_bytes()).map_err(|error| error.kind)
}

fn run(source: &str) -> Result<Value, ErrorKind> {
    run_in(Version::V8_2, source)
}

#[track_caller]
fn assert_limit(source: &str, limit: Limit) {
    match run(source) {
        Err(ErrorKind::Limit(actual)) => assert_eq!(actual, limit),
        Err(other) => panic!("stopped for another reason: {other}"),
        Ok(_) => panic!("did not stop"),
    }
}

#[test]
fn loops_end() {
    assert_limit("while (true);", Limit::Steps);
    assert_limit("for (;;) { }", Limit::Steps);
    assert_limit("do { continue; } while (1);", Limit::Steps);
    assert_limit("$a = [1]; foreach ($a as &$v) { $a[] = 1; }", Limit::Steps);
}

#[test]
fn recursion_ends() {
    assert_limit("function f() { return f(); } f();", Limit::CallDepth);
    assert_limit("$f = function () use (&$f) { return $f(); }; $f();", Limit::CallDepth);
    assert_limit("function g($x) { return array_map('g', [$x]); } g(1);", Limit::CallDepth);
    assert_limit("class A { static function f() { return self::f(); } } A::f();", Limit::CallDepth);
    assert_limit("function h($x) { $a = [2, 1]; usort($a, 'h'); } h(1);", Limit::CallDepth);
}

#[test]
fn memory_ends() {
    assert_limit("$a = 'x'; while (true) { $a .= $a; }", Limit::Memory);
    assert_limit("return str_repeat('x', 1 << 40);", Limit::Memory);
    assert_limit("return range(1, 1 << 40);", Limit::Memory);
    assert_limit("return str_pad('x', 1 << 40);", Limit::Memory);
    assert_limit("return array_fill(0, 1 << 40, 1);", Limit::Memory);
    assert_limit("return explode(',', str_repeat('1,', 20000000));", Limit::Memory);
    assert_limit("return str_split(str_repeat('1', 20000000));", Limit::Memory);
    // PHP has a limit of its own there.
    assert!(matches!(run("return array_pad([], 1 << 40, 0);"), Err(ErrorKind::Fatal(_))));
    assert_limit("$s = str_repeat('x', 99999); return str_replace('x', $s, $s);", Limit::Memory);
    assert_limit(
        "$a = [1]; while (true) { $b = $a; $b[] = $a = array_merge($a, $a); }",
        Limit::Memory,
    );
}

#[test]
fn deep_values_end() {
    assert_limit(
        "$a = []; for ($i = 0; $i < 100000; $i++) { $a = [$a]; } return var_export($a, true);",
        Limit::Nesting,
    );
    assert_limit(
        "$a = []; $b = []; for ($i = 0; $i < 9999; $i++) { $a = [$a]; $b = [$b]; } return $a == $b;",
        Limit::Nesting,
    );
    assert_limit("$a = [1]; $a[1] = &$a; return $a;", Limit::Nesting);
    assert_limit("$o = new stdClass; $o->o = $o; return json_encode($o);", Limit::Nesting);
    assert!(
        run("$a = []; for ($i = 0; $i < 100000; $i++) { $a = [$a]; } $a = 0; return 1;").is_ok()
    );
    assert!(
        run("for ($i = 0; $i < 100000; $i++) { $o = (object) ['o' => $o ?? 0]; } return 1;")
            .is_ok()
    );
}

#[test]
fn deep_sources_end() {
    let chain = format!("return 'a'{};", " . 'b'".repeat(100_000));
    assert_eq!(run(&chain).unwrap().as_bytes().unwrap().len(), 100_001);
    let else_ifs = format!("if (0) {{}} {} return 1;", "else if (0) {} ".repeat(20_000));
    assert!(run(&else_ifs).is_ok());
    let signs = format!("return {}1;", "- ".repeat(9_000));
    assert!(run(&signs).is_ok());
    let brackets = format!("return {}{};", "[".repeat(4_000), "]".repeat(4_000));
    assert!(matches!(run(&brackets), Err(ErrorKind::Limit(Limit::Nesting))));
    let indexes = format!("$a = []; return $a{};", "[0]".repeat(20_000));
    assert!(matches!(run(&indexes), Err(ErrorKind::Limit(Limit::Nesting))));
    let places = format!("$a{} = 1;", "[0]".repeat(20_000));
    assert!(matches!(run(&places), Err(ErrorKind::Limit(Limit::Nesting))));
}

#[test]
fn includes_are_found_and_end() {
    let files = Memory::new(&[
        (
            "/app/index.php",
            "<?php $x = 1; $c = include __DIR__ . '/conf/a.php'; return [$c, $y, include_once 'conf/b.php', require_once '/app/conf/b.php'];",
        ),
        (
            "/app/conf/a.php",
            "<?php $y = $x + 1; return array('file' => __FILE__, 'line' => __LINE__, 'b' => is_file(dirname(__FILE__) . '/b.php'));",
        ),
        ("/app/conf/b.php", "<?php"),
        ("/app/self.php", "<?php return include __FILE__;"),
    ]);
    let mut target = Target::new(Version::V7_4);
    target.working_directory = Some(PathBuf::from("/app"));
    let arena = Arena::new();
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let value = evaluator.include(Path::new("/app/index.php")).unwrap();
    let text = export::var_export(&value, &target).unwrap();
    let expected = "array (\n  0 => \n  array (\n    'file' => '/app/conf/a.php',\n    'line' => 1,\n    'b' => true,\n  ),\n  1 => 2,\n  2 => 1,\n  3 => true,\n)";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
    let error = evaluator.include(Path::new("/app/self.php")).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Endless));
}

/// That an include never ends, or that nobody knows whether it does.
#[track_caller]
fn assert_endless(files: &[(&'static str, &'static str)], is_endless: bool) {
    let (arena, files) = (Arena::new(), Memory::new(files));
    let mut target = Target::new(Version::V7_4);
    target.working_directory = Some(PathBuf::from("/"));
    target.is_application = true;
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let error = evaluator.include(Path::new("/a.php")).unwrap_err();
    let is_expected = match error.kind {
        ErrorKind::Endless => is_endless,
        ErrorKind::Limit(Limit::IncludeDepth) => !is_endless,
        _ => false,
    };
    assert!(is_expected, "{error}");
}

#[test]
fn includes_without_end_are_proved() {
    assert_endless(&[("/a.php", "<?php $a = 1; require 'a.php'; return $a;")], true);
    let both = [("/a.php", "<?php include 'b.php';"), ("/b.php", "<?php include 'a.php';")];
    assert_endless(&both, true);
    assert_endless(&[("/a.php", "<?php foreach (array('a.php', 1) as $f) include $f;")], true);
    assert_endless(&[("/a.php", "<?php $t = time(); require 'a.php';")], true);
    let class = "<?php class A { static $n = 0; }";
    let source = "<?php require_once 'b.php'; if (A::$n < 900) require 'a.php';";
    assert_endless(&[("/a.php", source), ("/b.php", class)], true);
    let counted = "<?php class A { static $n = 0; }";
    let source = "<?php require_once 'b.php'; if (A::$n++ < 900) require 'a.php';";
    assert_endless(&[("/a.php", source), ("/b.php", counted)], false);
    for source in [
        "<?php $n = isset($n) ? $n + 1 : 1; if ($n < 900) require 'a.php';",
        "<?php function f() { static $n = 1; return ++$n < 900; } if (f()) require 'b.php';",
        "<?php $GLOBALS['n'] = isset($GLOBALS['n']) ? $GLOBALS['n'] + 1 : 1; require 'a.php';",
        "<?php echo 'a'; require 'a.php';",
        "<?php if (!isset($n)) $n = new stdClass; require 'a.php';",
        "<?php for ($n = 1; defined(\"C$n\"); $n++); define(\"C$n\", 1); require 'a.php';",
    ] {
        let other = "<?php if (f()) require 'b.php';";
        assert_endless(&[("/a.php", source), ("/b.php", other)], false);
    }
}

#[test]
fn errors_say_where_and_how_it_came_there() {
    let files = Memory::new(&[
        ("/index.php", "<?php\n\nreturn include '/conf.php';"),
        ("/conf.php", "<?php\nfunction now() {\n  return time();\n}\nreturn ['at' => now()];"),
    ]);
    let (arena, target) = (Arena::new(), Target::new(Version::V7_4));
    let error =
        Evaluator::new(&arena, &files, &target).include(Path::new("/index.php")).unwrap_err();
    let expected = "/conf.php:3: what time() gives is known only when PHP runs; \
        say what it gives under [thinkphp.known] in tilde.toml, or set eval = \"php\"\
        \n  called as now() in /conf.php:5\n  included in /index.php:3";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_is_unknown_is_refused() {
    for source in [
        "return time();",
        "return $_SERVER['HTTP_HOST'];",
        "return isset($_SERVER['HTTPS']);",
        "return $_GET;",
        "return empty($_POST['a']);",
        "return $GLOBALS['a'];",
        "global $a; return $a;",
        "return NOT_DEFINED_HERE;",
        "return rand();",
        "return getenv('HOME');",
        "return ini_get('memory_limit');",
        "return function_exists('curl_init');",
        "return PHP_SAPI;",
        "return php_sapi_name();",
        "return Other::VALUE;",
        "return include 'relative.php';",
        "return `ls`;",
        "return new Other;",
        "return date('Y');",
        "return strtolower(unknown_one());",
        "exit;",
        "if (!defined('NOT_DEFINED')) exit('no');",
    ] {
        assert!(run(source).is_err(), "{source}");
        assert!(run_in(Version::V5_6, source).is_err(), "{source}");
    }
}

#[test]
fn a_target_gives_what_is_known() {
    let mut target = Target::new(Version::V7_4);
    target.host = Some("example.org".into());
    target.server.push(("HTTPS".into(), None));
    target.server.push(("REQUEST_URI".into(), Some("/a".into())));
    target.constants.push(("APP_PATH".into(), "/srv/".into()));
    target.sapi = Some("fpm-fcgi".to_owned());
    let (arena, files) = (Arena::new(), Memory::default());
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let source = b"<?php define('B', APP_PATH . 'b'); return [isset($_SERVER['HTTPS']), $_SERVER['HTTP_HOST'] . $_SERVER['REQUEST_URI'], B, PHP_SAPI, defined('APP_PATH')];";
    let value = evaluator.run(Path::new("/a.php"), source).unwrap();
    let text = export::var_export(&value, &target).unwrap();
    let expected = "array (\n  0 => false,\n  1 => 'example.org/a',\n  2 => '/srv/b',\n  3 => 'fpm-fcgi',\n  4 => true,\n)";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
    let names: Vec<String> = evaluator.constants().map(|(name, _)| name.to_string()).collect();
    assert_eq!(names, ["APP_PATH", "B"]);
}

#[test]
fn what_contains_itself_neither_hangs_nor_overflows() {
    let array = "$a = [1]; $a[1] = &$a;";
    let object = "$o = new stdClass; $o->o = $o;";
    let endings = [
        "$a[] = 2;",
        "$b = $a; $b[1][0] = 5; return $b[0];",
        "foreach ($a as &$v) { $v = 1; }",
        "foreach ($a as $v) { $r[] = $v; } return $r;",
        "return count($a, 1);",
        "sort($a);",
        "array_push($a, $a);",
        "array_walk($a, function (&$v) { $v = 1; });",
        "usort($a, function ($x, $y) { return 1; });",
        "return $a == $a;",
        "return $a === [1, $a];",
        "return in_array($a, $a);",
        "$a += $a;",
        "$a[1][1][1][0] = 7;",
        "unset($a[1][1]);",
        "$a[1] .= 'x';",
        "return json_encode($a);",
        "return serialize($a);",
        "return array_merge_recursive($a, $a);",
        "return array_replace_recursive($a, $a);",
        "define('Q', $a);",
        "return (object) $a;",
        "return array_map(function ($x) { return $x; }, $a);",
        "extract(['a' => $a]);",
        "$f = function () use (&$a, &$f) { $a = $f; }; $f(); $a = 0;",
    ];
    for ending in endings {
        for version in Version::ALL {
            let _ = run_in(version, &format!("{array} {ending}"));
            let _ = run_in(version, &format!("{object} $a = &$o->a; {ending}"));
        }
    }
    assert!(run(&format!("{object} return $o == clone $o;")).is_ok());
    assert!(
        run("$a = ['x' => 1]; foreach ($a as $k => &$v) { unset($a[$k]); } return $a;").is_ok()
    );
}

#[test]
fn a_break_leaves_no_more_loops_than_there_are() {
    for source in [
        "while (1) { break 99; } return 1;",
        "while (1) { while (1) { continue 3; } } return 1;",
        "function f() { foreach ([1] as $v) { break 2; } } f(); return 1;",
        "function f() { break; } while (1) { f(); }",
    ] {
        assert!(matches!(run(source), Err(ErrorKind::Fatal(_))), "{source}");
    }
    assert!(run("while (1) { while (1) { break 2; } } return 1;").is_ok());
}

/// Forty lines make an array of 2^40 elements, whoever counts them.
#[test]
fn shared_arrays_are_as_large_as_what_is_visited() {
    let shared = "$a = [1]; for ($i = 0; $i < 40; $i++) { $a = [$a, $a]; } $b = [1]; \
        for ($i = 0; $i < 40; $i++) { $b = [$b, $b]; }";
    for ending in [
        "return $a;",
        "return serialize($a);",
        "return json_encode($a);",
        "return var_export($a, true);",
        "return count($a, 1);",
        "return $a == $b;",
        "return $a === $b;",
        "return $a <=> $b;",
        "return in_array($b, [$a]);",
        "return array_search($b, [$a]);",
        "return array_keys([$a], $b);",
        "return array_merge_recursive(['x' => $a], ['x' => $b]);",
        "return array_replace_recursive($a, $b);",
        "return max($a, $b);",
        "define('A', $a);",
        "$c = &$a[0]; return strlen('x') + count($a);",
        "switch ($a) { case $b: return 1; }",
        "return match ($a) { $b => 1, default => 2 };",
        "$o = (object) $a; return $o == (object) $b;",
        "sort($a);",
        "$x = [$a, $b]; sort($x);",
        "usort($a, function ($x, $y) { return $x == $y ? 0 : 1; });",
        "return array_unique([$a, $b]);",
        "return array_diff([$a], [$b]);",
        "foreach ($a as &$v) { $v = $b; } return $a == [$b, $b];",
    ] {
        let _ = run(&format!("{shared} {ending}"));
    }
    assert_limit(&format!("{shared} return $a;"), Limit::Memory);
    assert!(matches!(run(&format!("{shared} return count($a);")), Ok(Value::Int(2))));
}

#[test]
fn long_strings_in_loops_end() {
    let long = "$s = str_repeat('x', 9000000); $t = $s . 'y'; $u = $s . 'z';";
    for body in ["$t == $u;", "$t === $u;", "$a[$t] = 1;", "isset($a[$t]);", "strtolower($t);"] {
        assert!(run(&format!("{long} while (true) {{ {body} }}")).is_err(), "{body}");
    }
    let keys =
        "for ($i = 0; $i < 100000; $i++) { $k[\"k$i-\"] = $i; } $s = implode('', array_keys($k));";
    assert!(run(&format!("{keys} return strlen(strtr($s, $k));")).is_ok());
    let lens = "for ($i = 1; $i < 3000; $i++) { $k[str_repeat('x', $i) . 'y'] = $i; }";
    assert!(run(&format!("{lens} return strtr(str_repeat('x', 1000000), $k);")).is_err());
}

#[test]
fn searches_take_steps() {
    let replace = "$a = str_repeat('abc,', 5000); \
                   while (true) { $a = preg_replace('/a(.*?)c/', 'a$1c', $a); }";
    assert_limit(replace, Limit::Steps);
    // Each match counts, also where a text has many: this took minutes.
    let all = "$a = str_repeat('ab ', 20000); \
               return count(preg_split('/\\s/', $a));";
    assert!(run(all).is_ok());
}
