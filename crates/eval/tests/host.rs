//! A host is asked before any function, under PHP's names, and may stop.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::path::Path;

use tilde_eval::{
    Arena, Call, Declares, Error, ErrorKind, Evaluator, Host, Limits, Target, Value, Version,
    export,
};
use tilde_testing::sources::Memory;

/// Writes down what it is asked. It answers `c`, and stops at `stop`.
#[derive(Default)]
struct Asked(RefCell<Vec<String>>);

impl Host for Asked {
    fn call(&self, call: &Call<'_, '_>) -> Option<Result<Value, ErrorKind>> {
        let name = String::from_utf8_lossy(call.name).into_owned();
        let target = Target::new(Version::V7_4);
        let shown = call.arguments.iter().map(|value| {
            let text = export::var_export(value, &target).unwrap();
            String::from_utf8(text).unwrap().replace('\n', "")
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        self.0.borrow_mut().push(format!("{name}({shown})"));
        match &*name {
            "c" => Some(Ok(call.constant("ANSWER").cloned().unwrap_or_default())),
            "refuse" => Some(Err(ErrorKind::Unsupported("this".to_owned()))),
            _ if name.starts_with("stop") => Some(Err(ErrorKind::Stopped)),
            _ => None,
        }
    }
}

/// As in a framework, where classes are loaded when they are needed.
fn run_in(version: Version, source: &str) -> (Result<Value, Error>, Vec<String>) {
    let (arena, files, host) = (Arena::new(), Memory::default(), Asked::default());
    let mut target = Target::new(version);
    target.is_application = true;
    let mut evaluator = Evaluator::new(&arena, &files, &target).with_host(&host);
    let source = format!("<?php {source}");
    let result = evaluator.run(Path::new("/a.php"), source.as_bytes());
    (result, host.0.into_inner())
}

#[track_caller]
fn assert_asked(source: &str, expected: &[&str]) {
    let (_, asked) = run_in(Version::V7_4, source);
    assert_eq!(asked, expected, "{source}");
}

#[test]
fn is_asked_for_every_kind_of_call() {
    assert_asked("F(1, 'a');", &["f(1, 'a')"]);
    assert_asked("function f($x) { return $x; } f(2);", &["f(2)"]);
    assert_asked("return strlen('a');", &["strlen('a')"]);
    assert_asked("$f = 'STRLEN'; return $f('a');", &["strlen('a')"]);
    assert_asked("$f = '\\\\strlen'; return $f('a');", &["strlen('a')"]);
    assert_asked("$a = 1; $b = [&$a]; f($b, $a);", &["f(array (  0 => 1,), 1)"]);
    assert_asked("return Think\\Think::start();", &["think\\think::start()"]);
    assert_asked("class A { static function f() {} } return a::F();", &["a::f()"]);
    assert_asked("return call_user_func('A::f', 1);", &["call_user_func('A::f', 1)", "a::f(1)"]);
    assert_asked(
        "return array_map(['A', 'f'], [1]);",
        &["array_map(array (  0 => 'A',  1 => 'f',), array (  0 => 1,))", "a::f(1)"],
    );
    assert_asked("new App(1);", &["app::__construct(1)"]);
    assert_asked("$class = 'App'; new $class;", &["app::__construct()"]);
    assert_asked("return (function () { return 1; })();", &[]);
}

#[test]
fn names_in_a_namespace_are_asked_from_the_full_one() {
    assert_asked("namespace A; f();", &["a\\f()", "f()"]);
    assert_asked("namespace A; \\f();", &["f()"]);
    assert_asked("namespace A; b\\f();", &["a\\b\\f()"]);
    assert_asked("namespace A; use function B\\f; f();", &["b\\f()"]);
    assert_asked("namespace A; use B\\C; C::f();", &["b\\c::f()"]);
    assert_asked("namespace A; function f() { return 1; } return f();", &["a\\f()"]);
    assert_asked("namespace A; return strlen('');", &["a\\strlen('')", "strlen('')"]);
    let (value, _) = run_in(Version::V5_6, "namespace A; define('ANSWER', 42); return C(1);");
    assert!(matches!(value, Ok(Value::Int(42))));
}

#[test]
fn answers_take_the_place_of_functions() {
    let source = "const ANSWER = 1; function c() { return 2; } return [C(), array_map('c', [0])];";
    let (value, _) = run_in(Version::V7_4, source);
    let text = export::var_export(&value.unwrap(), &Target::new(Version::V7_4)).unwrap();
    let text = String::from_utf8(text).unwrap().replace(['\n', ' '], "");
    assert_eq!(text, "array(0=>1,1=>array(0=>1,),)");
}

#[test]
fn an_error_of_the_host_has_its_place() {
    let (result, _) = run_in(Version::V5_2, "\nfunction f() {\n  return refuse(1);\n}\nf();");
    let expected = "/a.php:3: cannot evaluate this; write the value itself, or set \
        eval = \"php\" in tilde.toml\n  called as f() in /a.php:5";
    assert_eq!(result.unwrap_err().to_string(), expected);
}

#[test]
fn what_was_learned_before_a_stop_stays() {
    let files = Memory::new(&[
        ("/index.php", "<?php define('A', 1); function f() { return A + B; } include '/b.php';"),
        (
            "/b.php",
            "<?php namespace B; define('B', 2); class T { static function g() { stop(); } } T::g();",
        ),
        ("/c.php", "<?php return f() + A + B;"),
        ("/d.php", "<?php new Stop;"),
        ("/e.php", "<?php Stop::now();"),
    ]);
    let (arena, host, target) = (Arena::new(), Asked::default(), Target::new(Version::V5_6));
    let mut evaluator = Evaluator::new(&arena, &files, &target).with_host(&host);
    let error = evaluator.include(Path::new("/index.php")).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Stopped));
    assert_eq!((error.location.path().to_str(), error.chain.len()), (Some("/b.php"), 2));
    for path in ["/d.php", "/e.php"] {
        let error = evaluator.include(Path::new(path)).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Stopped), "{path}");
        assert!(error.chain.is_empty());
    }
    let constants: Vec<_> = evaluator.constants().map(|(name, _)| name.to_string()).collect();
    assert_eq!(constants, ["A", "B"]);
    assert!(matches!(evaluator.call("f", Vec::new()), Ok(Value::Int(3))));
    assert!(matches!(evaluator.include(Path::new("/c.php")), Ok(Value::Int(6))));
}

#[test]
fn without_an_autoloader_a_parent_must_be_known() {
    let (arena, files, target) = (Arena::new(), Memory::default(), Target::new(Version::V7_4));
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    let source = b"<?php if (true) { class B extends C {} }";
    let error = evaluator.run(Path::new("/a.php"), source).unwrap_err();
    assert!(error.to_string().starts_with("/a.php:1: the class C is known only"), "{error}");
}

#[test]
fn a_class_of_an_unknown_parent_is_unknown() {
    let source = "class B extends C { const X = 1; function f() { throw new E; } }
        interface I extends J {} class K implements L {} class M { use N; }
        class P { function g() { yield clone $this->a; } static function h() { return 1; } }
        define('ANSWER', P::h());";
    for version in [Version::V5_6, Version::V7_4] {
        let (value, _) = run_in(version, &format!("{source} return C();"));
        assert!(
            matches!(value, Ok(Value::Int(1))),
            "{:?}",
            value.map_err(|error| error.to_string())
        );
        for used in ["B::X", "class_exists('B')", "B::f()", "M::f()", "new K"] {
            let (value, _) = run_in(version, &format!("{source} return {used};"));
            assert!(value.is_err(), "{used}");
        }
        assert!(run_in(version, &format!("{source} class B {{}}")).0.is_err());
    }
}

#[test]
fn a_deferred_file_is_read_when_it_is_needed() {
    let files = Memory::new(&[
        ("/f.php", "<?php function f() { return g(); }"),
        ("/g.php", "<?php function g() { return A::X; } class A extends B {}"),
        ("/b.php", "<?php class B { const X = 1; }"),
        ("/never.php", "<?php function never( {}"),
    ]);
    let (arena, target) = (Arena::new(), Target::new(Version::V7_4));
    let run = |source: &str| {
        let mut evaluator = Evaluator::new(&arena, &files, &target);
        for (path, functions, classes) in [
            ("/f.php", &["F"][..], &[][..]),
            ("/g.php", &["g"], &["A"]),
            ("/b.php", &[], &["b"]),
            ("/never.php", &["never"], &[]),
        ] {
            let names = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
            let declares = Declares { functions: names(functions), classes: names(classes) };
            evaluator.defer(Path::new(path), &declares);
        }
        let source = format!("<?php {source}");
        let value = evaluator.run(Path::new("/a.php"), source.as_bytes());
        let read = evaluator.files().map(|path| path.display().to_string()).collect::<Vec<_>>();
        (value.map(|value| export::var_export(&value, &target).unwrap()), read.join(" "))
    };
    for (source, expected, read) in [
        ("return 1;", "1", "/a.php"),
        ("return f();", "1", "/a.php /f.php /g.php /b.php"),
        ("return call_user_func('F');", "1", "/a.php /f.php /g.php /b.php"),
        ("return a::X;", "1", "/a.php /g.php /b.php"),
        ("return constant('B::X');", "1", "/a.php /b.php"),
        ("return function_exists('G') && class_exists('a');", "true", "/a.php /g.php /b.php"),
        ("class D extends B {} return D::X;", "1", "/a.php /b.php"),
        ("include_once '/f.php'; return 2;", "2", "/a.php"),
    ] {
        let (value, files) = run(source);
        assert_eq!(value.unwrap(), expected.as_bytes(), "{source}");
        assert_eq!(files, read, "{source}");
    }
    let (value, _) = run("return never();");
    assert!(matches!(value.unwrap_err().kind, ErrorKind::Syntax(_)));
    // They are declared, read or not.
    for source in ["function F() {}", "class b {}", "if (1) { function g() {} }"] {
        let (value, _) = run(source);
        assert!(matches!(value.unwrap_err().kind, ErrorKind::Fatal(_)), "{source}");
    }
}

/// The files that wait for `bar()`, and a shorter one that calls something.
fn fail_deferred(function: &str, tags: &str, with_host: bool) -> Error {
    let files = Memory::new(&[("/function.php", function), ("/tags.php", tags)]);
    let (arena, target, host) = (Arena::new(), Target::new(Version::V7_4), Asked::default());
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    if with_host {
        evaluator = evaluator.with_host(&host);
    }
    let names = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
    let declares = Declares { functions: names(&["foo", "bar"]), classes: names(&["A"]) };
    evaluator.defer(Path::new("/function.php"), &declares);
    let error = evaluator.include(Path::new("/tags.php")).unwrap_err();
    // Nothing is left of it: the next file has its own text.
    let next = evaluator.run(Path::new("/n.php"), b"<?php return 'next';").unwrap();
    assert_eq!(next.as_bytes(), Some(&b"next"[..]));
    error
}

#[test]
fn an_error_in_a_deferred_file_is_told_from_its_own_text() {
    let twice = "<?php function foo() {} function bar() {} function bar() {}";
    let comment = format!("<?php /*{}*/", " ".repeat(500));
    for (function, quoted) in [
        (twice, "function bar() {}"),
        ("<?php\nfunction foo( {}", "{"),
        ("<?php function foo() {} define('A', time());", "time()"),
    ] {
        for call in [
            "foo();",
            "foo(unknown());",
            "$f = 'foo'; $f(unknown());",
            "header(foo());",
            "$x = foo();",
            "array_map('foo', [1]);",
            "A::foo(unknown());",
            "new A(foo());",
            "return A::X;",
            "class B extends A {}",
            "if (!function_exists('foo')) { function foo() {} }",
            "define('C', class_exists('A'));",
        ] {
            for tags in [format!("<?php {call}"), format!("{comment} {call}")] {
                for with_host in [false, true] {
                    let error = fail_deferred(function, &tags, with_host);
                    assert_eq!(error.location.path(), Path::new("/function.php"), "{call}");
                    assert_eq!(error.location.source(), function.as_bytes());
                    let text = String::from_utf8_lossy(error.location.text());
                    assert_eq!(text, quoted, "{call}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_call_is_told_from_the_text_of_the_caller() {
    let long = format!("<?php /*{}*/ function deep($x) {{ return deep($x); }}", " ".repeat(500));
    let files = Memory::new(&[("/long.php", long.as_str()), ("/short.php", "<?php deep(1);")]);
    let (arena, target) = (Arena::new(), Target::new(Version::V7_4));
    for limits in [
        Limits { nesting: 3, ..Limits::default() },
        Limits { call_depth: 1, ..Limits::default() },
        Limits { steps: 9, ..Limits::default() },
    ] {
        let mut evaluator = Evaluator::new(&arena, &files, &target).with_limits(limits);
        evaluator.include(Path::new("/long.php")).unwrap();
        let error = evaluator.include(Path::new("/short.php")).unwrap_err();
        let places =
            std::iter::once(&error.location).chain(error.chain.iter().map(|step| &step.location));
        for place in places {
            let source =
                if place.path() == Path::new("/long.php") { &*long } else { "<?php deep(1);" };
            assert_eq!(place.source(), source.as_bytes());
            assert!(String::from_utf8_lossy(place.text()).contains("deep("), "{place:?}");
        }
    }
}

#[test]
fn functions_are_asked_for_before_any_file() {
    let (arena, files, target) = (Arena::new(), Memory::default(), Target::new(Version::V7_4));
    let mut evaluator = Evaluator::new(&arena, &files, &target);
    assert!(evaluator.call("function_exists", vec!["nowhere".into()]).is_err());
    assert!(evaluator.call("nowhere", Vec::new()).is_err());
    assert_eq!(evaluator.files().count(), 0);
}

#[test]
fn an_object_may_be_made_though_nothing_is_known_of_it() {
    let own = "class P { function __construct($x) { define('ANSWER', $x); } } class Q extends P {}
        class R {} class S extends Unknown {} class T { function t() {} }";
    for (source, is_fine) in [
        ("$a = new ArrayObject(array(1)); new Exception('x'); $b = new R;", true),
        ("$a = new Q(1); return C();", true),
        ("new P(1); return C();", true),
        ("$a = new ArrayObject(); return $a;", false),
        ("$a = new ArrayObject(); return count($a);", false),
        ("$a = new ArrayObject(); $a->append(1);", false),
        ("$a = new S;", false),
        ("$a = new T;", true),
        ("$a = new Unknown;", false),
    ] {
        let (value, _) = run_in(Version::V7_4, &format!("{own} {source} return 1;"));
        match value {
            Ok(value) => assert!(is_fine && matches!(value, Value::Int(1)), "{source}: {value:?}"),
            Err(error) => assert!(!is_fine, "{source}: {error}"),
        }
    }
}

#[test]
fn a_method_of_an_unknown_object_is_asked_for() {
    for source in [
        "$a = new ArrayObject(1); $a->append(2, 3);",
        "(new ArrayObject(1))->append(2, 3);",
        "$class = 'ArrayObject'; $a = new $class(1); $f = 'append'; $a->$f(2, 3);",
    ] {
        assert_asked(source, &["arrayobject::__construct(1)", "arrayobject::append(2, 3)"]);
    }
    let (value, _) = run_in(Version::V7_4, "$a = new ArrayObject(); $a->x = stop();");
    assert!(matches!(value.unwrap_err().kind, ErrorKind::Stopped));
}
