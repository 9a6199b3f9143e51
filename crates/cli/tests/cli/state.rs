//! `tilde state`.

use crate::formats::{file, take, validate};
use crate::util::{Dir, Run, assert_run, corpus};

const CART: &str = "<?php
class Cart
{
    private static $items = [];
    private static $rates = [];

    public static function add($item)
    {
        self::$items[] = $item;
    }

    public static function rate($class)
    {
        return self::$rates[$class] ??= 1;
    }
}
";

/// A leak, a memo, and a package.
fn shop() -> Dir {
    let dir = Dir::new();
    dir.write("src/Cart.php", CART);
    dir.write("src/total.php", "<?php\nfunction total() { return 1; }\n");
    dir.write("vendor/a/a.php", "<?php class V { static $a; function f() { self::$a[] = 1; } }");
    dir
}

fn short(dir: &Dir, args: &[&str]) -> Run {
    dir.run([&["state", "--output-format", "short"], args].concat())
}

#[test]
fn what_is_likely_a_leak() {
    let run = shop().run(["state"]);
    assert_eq!(run.code, 1);
    assert_run!(run);
}

#[test]
fn all_of_it_are_notes() {
    let run = short(&shop(), &["--all", "src"]);
    assert_eq!(run.code, 1);
    assert_run!(run);
}

#[test]
fn nothing_to_report() {
    let run = shop().run(["state", "src/total.php"]);
    assert_eq!((run.code, run.text()), (0, ""));
    let said = "no likely leak among 0 pieces of state in 1 file; --all shows all\n";
    assert_eq!(run.stderr, said);
}

#[test]
fn packages_are_read_where_it_is_asked_for() {
    let dir = shop();
    assert!(!short(&dir, &[]).text().contains("V::$a"));
    assert!(short(&dir, &["--vendor"]).text().contains("vendor/a/a.php:1:24: "));
    assert!(short(&dir, &["vendor"]).text().contains("V::$a"));
    assert!(short(&dir, &["vendor/a/a.php"]).text().contains("V::$a"));
}

/// A property that another file writes.
#[test]
fn files_are_linked() {
    let dir = shop();
    dir.write("src/a.php", "<?php class A { public static $log = []; }");
    dir.write("src/b.php", "<?php class B { function f() { A::$log[] = 1; } }");
    let run = short(&dir, &["src"]);
    assert!(run.text().contains("src/a.php:1:31: warning[T-STATE-PROPERTY]: "), "{run}");
    assert!(run.text().contains("A::$log grows: B::f() adds to it"), "{run}");
}

#[test]
fn formats() {
    let dir = shop();
    for format in ["short", "json", "github", "gitlab", "sarif", "junit"] {
        for args in [&["state"][..], &["state", "--snapshot", "old.txt", "--check"]] {
            dir.write("old.txt", "gone\n");
            let run = dir.run([args, &["--output-format", format]].concat());
            assert_eq!(run.code, 1, "{run}");
            match format {
                "json" => validate(&file("../../docs/schemas/findings.json"), &run.stdout),
                "short" => assert!(run.text().contains(": warning[T-STATE-"), "{run}"),
                format => take(format, &run.stdout),
            }
        }
    }
}

/// Excerpts are for who reads: of very many findings only the first ones have them.
#[test]
fn very_many_findings() {
    let dir = Dir::new();
    let lines: Vec<String> = (0..10_002).map(|number| format!("global $a{number};")).collect();
    dir.write("a.php", format!("<?php\n{}", lines.join("\n")));
    let run = dir.run(["state", "--all"]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.text().matches("--> a.php").count(), 10_000);
    let lines: Vec<&str> = run.text().lines().rev().take(2).collect();
    for (line, number) in lines.into_iter().zip([10_001, 10_000]) {
        let name = format!("$GLOBALS['a{number}']");
        assert!(line.starts_with(&format!("a.php:{}:8: note[", number + 2)), "{line}");
        assert!(line.contains(&name), "{line}");
    }
    assert!(run.stderr.contains("among 10002 pieces of state"), "{run}");
    let run = dir.run(["state", "--all", "--output-format", "json"]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(run.text()).unwrap().len(), 10_002);
}

#[test]
fn what_is_expected() {
    let dir = shop();
    let status = |args: &[&str]| short(&dir, args).code;
    assert_eq!(status(&["--allow", "T-STATE-PROPERTY"]), 0);
    assert_eq!(status(&["--allow", "T-STATE-PROPERTY:src"]), 0);
    assert_eq!(status(&["--allow", "T-STATE-PROPERTY:lib"]), 1);
    assert_eq!(short(&dir, &["--allow", "T-STATE"]).code, 2);
    dir.write("tilde.toml", "allow = [\"T-STATE-PROPERTY:src\"]\n");
    assert_eq!(status(&[]), 0);
    assert_eq!(status(&["--deny", "T-STATE-PROPERTY"]), 1);
}

/// At the declaration, or where it is written.
#[test]
fn a_comment_allows_it() {
    for (line, comment) in [
        ("    private static $items = [];", "// tilde-allow T-STATE-PROPERTY one a worker"),
        ("        self::$items[] = $item;", "// tilde-allow T-STATE-PROPERTY one a worker"),
    ] {
        let dir = shop();
        dir.write("src/Cart.php", CART.replace(line, &format!("{comment}\n{line}")));
        let run = dir.run(["state"]);
        assert_eq!(run.code, 0, "{run}");
        assert!(run.text().contains("a comment allows it: one a worker"), "{run}");
    }
}

#[test]
fn a_snapshot_is_sorted_and_has_no_lines() {
    let dir = shop();
    let run = dir.run(["state", "--snapshot", "state.txt"]);
    assert_eq!((run.code, run.text()), (0, ""));
    assert_eq!(run.stderr, "wrote state.txt: 2 pieces of state\n");
    let text = "T-STATE-PROPERTY grows Cart::$items in src/Cart.php: appended by Cart::add()\n\
        T-STATE-PROPERTY memo Cart::$rates in src/Cart.php: keyed by Cart::rate()\n";
    assert_eq!(std::fs::read_to_string(dir.path("state.txt")).unwrap(), text);
    dir.write("src/Cart.php", CART.replace("<?php", "<?php\n\n// Lines move."));
    let run = dir.run(["state", "--snapshot", "state.txt"]);
    assert_eq!(run.stderr, "unchanged: state.txt: 2 pieces of state\n");
    assert_eq!(dir.run(["state", "--snapshot", "-"]).text(), text);
}

#[test]
fn a_change_is_seen_in_review() {
    let dir = shop();
    let check = || dir.run(["state", "--snapshot", "state.txt", "--check"]);
    assert_eq!(check().code, 2);
    dir.run(["state", "--snapshot", "state.txt"]);
    let same = check();
    assert_eq!((same.code, same.text()), (0, ""));
    assert_eq!(same.stderr, "2 pieces of state, as state.txt has it\n");
    let changed = CART.replace("self::$items[] = $item", "self::$last = $item");
    dir.write("src/Cart.php", changed.replace("$rates = []", "$rates = [], $last"));
    let run = check();
    assert_eq!(run.code, 1);
    assert_run!(run);
    let quiet = dir.run(["state", "--snapshot", "state.txt", "--check", "-q"]);
    assert_eq!((quiet.code, quiet.text(), quiet.stderr.as_str()), (1, "", ""));
}

#[test]
fn a_baseline_leaves_out_what_is_known() {
    let dir = shop();
    dir.run(["state", "--snapshot", "state.txt"]);
    let run = short(&dir, &["--baseline", "state.txt"]);
    assert_eq!((run.code, run.text()), (0, ""));
    dir.write("src/b.php", "<?php class B { static $log; function f() { self::$log[] = 1; } }");
    let run = short(&dir, &["--baseline", "state.txt"]);
    assert_eq!((run.code, run.text().lines().count()), (1, 1), "{run}");
}

/// The rest of the report is there.
#[test]
fn a_file_that_is_wrong() {
    let dir = shop();
    dir.write("src/wrong.php", "<?php f(;");
    let run = short(&dir, &["src"]);
    assert_eq!(run.code, 2);
    assert!(run.text().contains("Cart::$items grows"), "{run}");
    assert!(run.stderr.contains("src/wrong.php:1:9: error[T-SYNTAX]"), "{run}");
}

#[test]
fn many_global_variables_of_a_file_are_one_finding() {
    let dir = Dir::new();
    let names = ["$a", "$b", "$c", "$d"];
    let function =
        |name: &&str| format!("function f_{}() {{ global {name}; {name}[] = 1; }}\n", &name[1..]);
    dir.write(
        "a.php",
        format!("<?php\n{}", names.iter().map(function).collect::<Vec<_>>().concat()),
    );
    let run = dir.run(["state"]);
    assert_eq!(run.code, 1);
    assert_run!(run);
    assert_eq!(short(&dir, &["--all"]).text().lines().count(), 4);
}

#[test]
fn the_report_is_that_of_one_thread() {
    let dir = shop();
    for number in 0..600 {
        dir.write(format!("lib/{number:03}.php"), CART.replace("Cart", &format!("C{number}")));
    }
    let run = |threads: &str| short(&dir, &["--all", "-j", threads]);
    let (one, many) = (run("1"), run("4"));
    assert_eq!((one.text(), one.stderr.as_str()), (many.text(), many.stderr.as_str()));
    assert_eq!(one.text().lines().count(), 1202);
}

#[test]
fn codes_are_explained() {
    let run = Dir::new().run(["state", "--explain", "T-STATE-PROPERTY"]);
    assert!(run.code == 0 && run.text().contains("keeps its value"), "{run}");
}

#[test]
fn a_resetter_puts_back_what_is_not_allowed() {
    let dir = shop();
    dir.write(
        "src/more.php",
        "<?php class More { static $a, $b; function f() { static $c;
        self::$a = 1;
        self::$b = 2; // tilde-allow T-STATE-PROPERTY a setting
        $c = 3; ini_set('precision', 5); } }",
    );
    let resetter = ["state", "src", "--resetter", "-o", "app/StateResetter.php"];
    let run = dir.run([&resetter[..], &["--class", "App\\StateResetter"]].concat());
    assert_eq!(run.code, 2, "{run}");
    dir.folder("app");
    let run = dir.run([&resetter[..], &["--class", "App\\StateResetter"]].concat());
    assert_eq!(run.code, 0, "{run}");
    let text = dir.text("app/StateResetter.php");
    assert!(text.contains("namespace App;") && text.contains("class StateResetter\n"), "{text}");
    assert!(
        text.contains("\\Cart::class => ['items'],\n        \\More::class => ['a'],\n"),
        "{text}"
    );
    assert_eq!(
        run.stderr,
        "wrote app/StateResetter.php: it puts back 3 pieces of state\n\
         it cannot put back More::f()::$c: nothing outside of its function sets a static variable\n"
    );
    let run = dir.run(resetter);
    assert!(!dir.text("app/StateResetter.php").contains("namespace"), "{run}");
    assert_eq!(dir.run(["state", "src", "--resetter", "-o", "-"]).code, 0);
}

#[test]
fn a_resetter_has_a_name_that_php_takes() {
    let dir = shop();
    for class in ["class", "A-B", "A\\", "1", "", "list\\A B", "static"] {
        let run = dir.fail(["state", "--resetter", "-o", "a.php", "--class", class]);
        assert!(run.stderr.contains("a class has a name such as"), "{class}: {run}");
    }
    let run = dir.fail(["state", "src", "--resetter", "-o", "state-resetter.php"]);
    assert!(run.stderr.contains("name it with --class"), "{run}");
    dir.fail(["state", "--resetter"]);
    dir.fail(["state", "-o", "a.php"]);
}

#[test]
fn frameworks_are_told_of_it() {
    let dir = shop();
    for (framework, said) in [
        ("laravel-swoole", "in config/swoole_http.php"),
        ("octane", "in config/octane.php"),
        ("symfony", "in config/services.yaml"),
        ("hyperf", "in config/autoload/listeners.php"),
        ("plain", ""),
    ] {
        let run = dir.run(["state", "--resetter", "-o", "A.php", "--for", framework]);
        assert!(run.code == 0 && run.stderr.contains(said), "{run}");
    }
}

/// A tool that cries wolf is switched off: less than one finding for each twenty files of a
/// package with a great deal of state, or of all packages with `TILDE_CORPUS_ALL=1`.
#[test]
fn few_alarms() {
    let is_all = std::env::var_os("TILDE_CORPUS_ALL").is_some();
    let folder = corpus(if is_all { "packages" } else { "packages/wordpress" });
    let run = short(&Dir::new(), &["--vendor", "--php", "8.2", folder.to_str().unwrap()]);
    let files = run.stderr.split_once("of state in ").unwrap().1;
    let files: usize = files.split(' ').next().unwrap().parse().unwrap();
    let findings = run.text_lossy().lines().count();
    assert!(findings * 20 < files, "{findings} findings in {files} files");
}
