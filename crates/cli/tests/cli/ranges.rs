//! Code that several versions of PHP run: what composer.json, tilde.toml and `--php`
//! say as a range.

use crate::util::{Dir, assert_run};

const ATTRIBUTES: &str = "<?php
// An attribute up to the end of its line is a comment to PHP 7.
#[Attribute(Attribute::TARGET_CLASS)]
final class A {}

#[A] #[B([1])]
function f($a) { return $a; }
";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn project(member: &str) -> Dir {
    let dir = Dir::new();
    dir.write("composer.json", r#"{"require": {"php": ">=7.2"}}"#);
    dir.write("a.php", member);
    dir
}

#[test]
fn attributes_keep_their_lines() {
    let dir = project(ATTRIBUTES);
    for style in ["lines", "tight"] {
        assert_eq!(dir.run(["build", "a.php", "-o", "all.php", "--style", style]).code, 0);
        let bundle = dir.text("all.php");
        for line in ["#[Attribute(Attribute::TARGET_CLASS)]", "#[A]", "#[B([1])]"] {
            assert!(
                bundle.lines().any(|it| it.ends_with(line)),
                "{style}: no line {line} in {bundle}"
            );
        }
        let stripped = dir.run(["strip", "a.php", "--style", style]);
        assert!(text(&stripped.stdout).lines().any(|it| it == "#[B([1])]"), "{stripped}");
        assert!(!text(&stripped.stdout).contains("//"), "{stripped}");
    }
}

#[test]
fn attributes_that_share_a_line() {
    let dir = project("<?php\n#[A] class B {}\nclass C {}\n");
    assert_run!(dir.fail(["build", "a.php", "-o", "all.php"]));
    assert_run!(dir.fail(["strip", "a.php"]));
    // One version alone has one meaning.
    assert!(text(&dir.run(["strip", "a.php", "--php", "7.4"]).stdout).contains("class C"));
    assert!(text(&dir.run(["strip", "a.php", "--php", "^8.0"]).stdout).contains("class B"));
}

#[test]
fn code_that_an_old_or_a_new_php_does_not_take() {
    let dir = project("<?php\n$a = fn($b) => $b;\n");
    assert_run!(dir.fail(["build", "a.php", "-o", "all.php"]));
    assert_eq!(dir.run(["lint", "a.php"]).code, 1);
    assert_eq!(dir.run(["lint", "a.php", "--php", ">=7.4"]).code, 0);
    dir.write("a.php", "<?php\n$a = $b{0};\n");
    let run = dir.fail(["build", "a.php", "-o", "all.php"]);
    assert!(run.stderr.contains("in PHP 8.5"), "{run}");
    let run = dir.run(["lint", "a.php"]);
    assert!(text(&run.stdout).contains("in PHP 8.5"), "{run}");
    assert_eq!(dir.run(["lint", "a.php", "--php", ">=5.3 <8"]).code, 0);
}

#[test]
fn a_label_that_only_new_php_lets_share_its_line() {
    let dir = project("<?php\n$a = [<<<A\nb\nA\n, 1];\n");
    for style in ["lines", "tight"] {
        assert_eq!(dir.run(["build", "a.php", "-o", "all.php", "--style", style]).code, 0);
        let bundle = dir.text("all.php");
        assert!(bundle.contains("\nA\n,1]"), "{style}: {bundle}");
    }
}

#[test]
fn styles_of_one_version() {
    let dir = project("<?php\n$a = 1;\n");
    let run = dir.run(["strip", "a.php", "--style", "php"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("the style php is another one in each version"), "{run}");
}
