//! Deep and long sources on a small stack: they parse, or end in the error that
//! says how deep is too deep, in time that grows with their length.

#![allow(clippy::unwrap_used)]

use std::thread;
use std::time::{Duration, Instant};

use tilde_syntax::{
    Arena, ErrorKind, Flow, MAX_CHAIN, MAX_DEPTH, MAX_NAMES, Node, Options, Version, Visitor,
    parse, refused, walk,
};

/// A thread of a server may have no more.
const STACK: usize = 1024 * 1024;

/// What there are so many of in each source.
const COUNT: usize = 100_000;

/// Even a debug build on a busy machine is done by then; what is quadratic is
/// not.
const DEADLINE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Parsed,
    TooDeep,
    TooLong,
    TooMany,
    Other,
}

struct Count(usize);

impl<'a> Visitor<'a> for Count {
    fn enter(&mut self, _: Node<'a>) -> Flow {
        self.0 += 1;
        Flow::Descend
    }
}

fn outcome(source: String, version: Version) -> Outcome {
    let start = Instant::now();
    let parse = move || {
        let arena = Arena::new();
        match parse(source.as_bytes(), Options::new(version), &arena) {
            Ok(tree) => {
                let mut count = Count(0);
                walk(Node::from(tree.program()), &mut count);
                assert!(count.0 >= COUNT / 10);
                let _ = refused(&tree, Version::V7_1);
                Outcome::Parsed
            }
            Err(error) if error.kind == ErrorKind::TooDeep => Outcome::TooDeep,
            Err(error) if error.kind == ErrorKind::TooLong => Outcome::TooLong,
            Err(error) if error.kind == ErrorKind::TooMany => Outcome::TooMany,
            Err(_) => Outcome::Other,
        }
    };
    let outcome = thread::Builder::new().stack_size(STACK).spawn(parse).unwrap().join().unwrap();
    assert!(start.elapsed() < DEADLINE, "this took {:?}", start.elapsed());
    outcome
}

/// The opening so often, what is inside, and the closing as often.
fn nested(open: &str, inner: &str, close: &str, count: usize) -> String {
    format!("<?php {}{inner}{}", open.repeat(count), close.repeat(count))
}

#[test]
fn long_chains_parse() {
    let chains = [
        ("$a = 1", "+1", ";"),
        ("$a = 'a'", ".'b'", ";"),
        ("$a", "->b()", ";"),
        ("$a", "[0]", ";"),
        ("$a", "->b", ";"),
        ("a()", "()", ";"),
        ("A", "::$b", ";"),
        ("$a = 1", " && 2", ";"),
        ("$a = 1", " ? 2 : 3", ";"),
        ("$a = 1", " instanceof A", ";"),
        ("f(1", ", 2", ");"),
        ("$a = [1", ", 2", "];"),
        ("echo 1", ", 2", ";"),
        ("", "$a = 1;", ""),
        ("if ($a) b();", " elseif ($c) d();", " else e();"),
        ("if ($a) b();", " else if ($c) d();", " else e();"),
        ("switch ($a) {", " case 1: b();", "}"),
        ("$a = \"", " $b", "\";"),
        ("use A\\{B", ", C", "};"),
        ("$a = match ($b) { 1", ", 2", " => 3 };"),
        ("class A {", " public $b;", "}"),
        ("function f(A", "|B", " $c) {}"),
        ("?>", "a<?php b() ?>", ""),
    ];
    for (before, link, after) in chains {
        let source = format!("<?php {before}{}{after}", link.repeat(COUNT));
        assert_eq!(outcome(source, Version::V8_2), Outcome::Parsed, "{link}");
    }
}

#[test]
fn endless_chains_end_in_a_clear_error() {
    for version in [Version::V5_2, Version::V8_2] {
        for (before, link, after) in [
            ("$a = 1", "+1", ";"),
            ("$a", "->b", ";"),
            ("$a = $a", "[0]", ";"),
            ("", "$", "a;"),
            ("new $a", "->b", ";"),
        ] {
            let chain = |count| format!("<?php {before}{}{after}", link.repeat(count));
            let most = MAX_CHAIN as usize - 1;
            assert_eq!(outcome(chain(most), version), Outcome::Parsed, "{link} {version}");
            assert_eq!(outcome(chain(most + 3), version), Outcome::TooLong, "{link} {version}");
        }
    }
}

#[test]
fn endless_lists_of_names_end_in_a_clear_error() {
    for (before, name, after) in [
        ("function f($a", ", $a", ") {}"),
        ("use A", ", B", ";"),
        ("use A\\{B", ", C", "};"),
        ("const A = 1", ", A = 1", ";"),
    ] {
        let list = |count| format!("<?php {before}{}{after}", name.repeat(count));
        let most = MAX_NAMES as usize - 1;
        assert_eq!(outcome(list(most), Version::V8_2), Outcome::Parsed, "{name}");
        assert_eq!(outcome(list(most + 1), Version::V8_2), Outcome::TooMany, "{name}");
    }
}

#[test]
fn deep_nesting_ends_in_a_clear_error() {
    let nestings = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("array(", "1", ")"),
        ("{", "f();", "}"),
        ("if ($a) {", "f();", "}"),
        ("while ($a) ", "f();", ""),
        ("$a ? ", "1", " : 2"),
        ("$a = ", "1", ""),
        ("$a ?? ", "1", ""),
        ("!", "1", ""),
        ("- ", "1", ""),
        ("(int) ", "1", ""),
        ("clone ", "$a", ""),
        ("new A(", "", ")"),
        ("f(", "", ")"),
        ("function () { ", "", "};"),
        ("fn() => ", "1", ""),
        ("[", "$a", "] = 1"),
        ("list(", "$a", ") = 1"),
        ("match (1) { 1 => ", "1", "}"),
        ("$a->{", "b", "}"),
        ("${", "'a'", "}"),
        ("\"{$a[", "1", "]}\""),
        ("throw ", "$a", ""),
        ("print ", "1", ""),
        ("new class { function a() { ", "", "} }"),
        ("#[A(", "", ")] function f() {}"),
        ("switch ($a) { case 1: ", "f();", "}"),
        ("try {", "f();", "}"),
    ];
    for (open, inner, close) in nestings {
        let source = nested(open, inner, close, COUNT);
        assert_eq!(outcome(source, Version::V8_2), Outcome::TooDeep, "{open}{inner}{close}");
    }
}

#[test]
fn old_versions_have_the_same_limit() {
    for (open, inner, close) in [("(", "1", ")"), ("$a[", "1", "]"), ("f(", "", ")")] {
        for version in [Version::V5_2, Version::V5_6, Version::V7_0] {
            let source = nested(open, inner, close, COUNT);
            assert_eq!(outcome(source, version), Outcome::TooDeep, "{open} in {version}");
        }
    }
    let array = format!("<?php const A = {}1{};", "array(".repeat(COUNT), ")".repeat(COUNT));
    assert_eq!(outcome(array, Version::V5_6), Outcome::TooDeep);
}

#[test]
fn nesting_up_to_the_limit_parses() {
    let count = MAX_DEPTH as usize - 2;
    for (open, inner, close) in [("(", "1", ")"), ("[", "1", "]"), ("- ", "1", "")] {
        let source = format!("{};", nested(open, inner, close, count));
        assert_eq!(outcome(source, Version::V8_2), Outcome::Parsed, "{open}");
    }
    let blocks = nested("{", "f();", "}", count);
    assert_eq!(outcome(blocks, Version::V8_2), Outcome::Parsed);
    let dollars = format!("<?php {}a;", "$".repeat(COUNT));
    assert_eq!(outcome(dollars, Version::V8_2), Outcome::Parsed);
}

#[test]
fn deep_and_wrong_is_wrong() {
    let source = nested("(", "", "", 1000);
    assert_eq!(outcome(source, Version::V8_2), Outcome::Other);
}

#[test]
fn brackets_in_an_unclosed_brace_take_linear_time() {
    for (open, pairs) in [("{ ", "{}"), ("{ ", "f();"), ("{ ", "{ \"{$a[1]}\"; }")] {
        for version in [Version::V5_2, Version::V8_2] {
            let source = format!("<?php {open}{}", pairs.repeat(COUNT));
            assert_eq!(outcome(source, version), Outcome::Other, "{pairs} in {version}");
        }
    }
}

/// What the rules of PHP's compiler compare with what came before.
#[test]
fn what_the_compiler_compares_takes_linear_time() {
    let numbered =
        |text: &str| (0..COUNT).map(|it| text.replace('#', &it.to_string())).collect::<String>();
    let loops = |inner: String| {
        format!("<?php a: {}{inner}{}", "while (1) {".repeat(1000), "}".repeat(1000))
    };
    for source in [
        format!("<?php {}", numbered("l#: ")),
        format!("<?php {}", numbered("l#: goto l#;")),
        format!("<?php {}", numbered("l#: finally#();")),
        loops("goto a;".repeat(COUNT)),
        loops(numbered("l#: ")),
        loops("break 1000;".repeat(COUNT)),
        format!("<?php {}", "declare(strict_types=1);".repeat(COUNT)),
        format!("<?php function f(A{} $a) {{}}", numbered("|A#")),
        format!("<?php function f(A{} $a) {{}}", numbered("&A#")),
        format!("<?php #[A{}, Override] function f() {{}}", numbered(", A#")),
        format!("<?php class A {{ public int $a = 1{}; }}", "+ 1".repeat(COUNT)),
        format!("<?php class A {{ {} }}", numbered("const C# = self::class; function f#() {}")),
    ] {
        assert_eq!(outcome(source, Version::V8_3), Outcome::Parsed);
    }
}
