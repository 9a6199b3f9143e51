//! `tilde lint`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::util::{Dir, assert_run};

/// Two good files and two bad ones.
fn broken() -> Dir {
    let dir = Dir::new();
    dir.write("good.php", "<?php\nfunction a(): int { return 1; }\n");
    dir.write("semicolon.php", "<?php\n$a = 1\n$b = 2;\n");
    dir.write("brace.php", "<?php\nfunction a() {\n    if ($b) {\n        echo 1;\n}\n");
    dir.write("html.php", "<b>no PHP here: }</b>\n");
    dir
}

const FILES: [&str; 4] = ["good.php", "semicolon.php", "brace.php", "html.php"];

fn lint<'a>(options: &[&'a str]) -> Vec<&'a str> {
    [&["lint"], options, &FILES].concat()
}

#[test]
fn the_first_error_of_each_file() {
    let run = broken().run(lint(&[]));
    assert_eq!(run.code, 1);
    assert_run!(run);
}

#[test]
fn files_without_an_error() {
    let dir = broken();
    let run = dir.run(["lint", "good.php", "html.php"]);
    assert_eq!((run.code, run.text()), (0, ""));
    assert_eq!(run.stderr, "no error in 2 files\n");
    let run = dir.run(["lint", "-q", "good.php"]);
    assert_eq!((run.code, run.text(), run.stderr.as_str()), (0, "", ""));
}

#[test]
fn a_line_each() {
    let run = broken().run(lint(&["--output-format", "short"]));
    assert_eq!(run.code, 1);
    assert_run!(run);
}

#[test]
fn json() {
    let run = broken().run(lint(&["--output-format", "json"]));
    assert_eq!((run.code, run.stderr.as_str()), (1, "[]\n"));
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let findings = json.as_array().unwrap();
    assert_eq!(findings.len(), 2);
    assert_eq!(json[0]["severity"], "error");
    assert_eq!(json[0]["code"], "T-SYNTAX");
    assert_eq!(json[0]["places"][0]["path"], "semicolon.php");
    assert_eq!(json[0]["places"][0]["line"], 3);
    assert_eq!(json[0]["places"][0]["column"], 1);
    let clean = broken().run(["lint", "--output-format", "json", "good.php"]);
    assert_eq!((clean.code, clean.text()), (0, "[]\n"));
}

#[test]
fn github() {
    let run = broken().tilde(["lint", "semicolon.php"]).env("GITHUB_ACTIONS", "true").run();
    assert_eq!(run.code, 1);
    let expected = "::error title=T-SYNTAX,file=semicolon.php,line=3,endLine=3,col=1,endColumn=3::";
    assert!(run.text().starts_with(expected), "{run}");
}

#[test]
fn a_missing_file_does_not_stop_the_others() {
    let run = broken().fail(["lint", "nope.php", "semicolon.php", "--output-format", "short"]);
    assert_run!(run);
}

#[test]
fn standard_input_and_lists() {
    let dir = broken();
    assert_eq!(dir.tilde(["lint"]).run_with("<?php echo 1;").code, 0);
    let run = dir.tilde(["lint", "-", "--output-format", "short"]).run_with("<?php echo;\n");
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().starts_with("-:1:11: error[T-SYNTAX]: "), "{run}");
    let list = dir.tilde(["lint", "--files-from", "-", "-0"]);
    assert_eq!(list.run_with("good.php\0brace.php\0").code, 1);
}

#[test]
fn the_version_decides() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\n$a = match ($b) { 1 => 2 };\n");
    dir.write("b.php", "<?php\n$a = $b{0};\n");
    let code = |php, file| dir.run(["lint", "--php", php, file]).code;
    assert_eq!((code("7.4", "a.php"), code("8.0", "a.php")), (1, 0));
    assert_eq!((code("7.4", "b.php"), code("8.4", "b.php")), (0, 1));
    dir.write("composer.json", "{\"require\": {\"php\": \">=7.4\"}}");
    let run = dir.run(["lint", "a.php"]);
    assert_eq!(run.code, 1);
    assert_run!(run);
}

#[test]
fn short_tags_decide() {
    let code = |value| Dir::new().tilde(["lint", "--short-tags", value]).run_with("<? }").code;
    assert_eq!((code("on"), code("off")), (1, 0));
}

/// What `php -l` refuses after it has parsed a file.
#[test]
fn errors_of_the_compiler() {
    let dir = Dir::new();
    for (source, expected) in [
        ("<?php function a() {} break;", 1),
        ("<?php $this = 1;", 1),
        ("<?php class A { public public $b; }", 1),
        ("<?php class A { abstract function b(); }", 1),
        ("<?php abstract class A { abstract function b(); }", 0),
        ("<?php function a() { static $b = c(); }", 1),
    ] {
        let code = dir.tilde(["lint", "--php", "8.2"]).run_with(source).code;
        assert_eq!(code, expected, "{source}");
        dir.write("a.php", source);
        let php = Command::new("php").arg("-l").arg(dir.path("a.php")).output().unwrap();
        assert_eq!(php.status.success(), expected == 0, "{source}");
    }
    dir.write("composer.json", r#"{"require": {"php": ">=8.2"}}"#);
    let run = dir.tilde(["lint", "--output-format", "short"]);
    let run = run.run_with("<?php\nfunction a() {\n    static $b = c();\n}\n");
    let expected = "-:3:17: error[T-COMPLAINT]: no constant expression can hold this in PHP 8.2\n";
    assert_eq!((run.code, run.text()), (1, expected), "{run}");
}

#[test]
fn bytes_that_are_no_text() {
    let dir = Dir::new();
    dir.write("a.php", b"<?php\n\t$\xd6\xd0 = '\xd6' }; // \x1b[31m\n");
    assert_run!(dir.run(["lint", "a.php"]));
}

#[test]
fn an_error_that_php_reports_in_another_line() {
    let dir = Dir::new();
    dir.write("a.php", "<?php\n$a = <<<A\n\t one\n\t A;\n");
    dir.write("b.php", "<?php\nf('one\ntwo' 'three\nfour');\n");
    assert_run!(dir.run(["lint", "--php", "8.2", "a.php", "b.php"]));
}

#[test]
fn lines_are_those_of_php() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/syntax");
    let table = fs::read(folder.join("verdicts.tsv")).unwrap();
    let table = String::from_utf8_lossy(&table);
    for php in ["5.6", "7.4", "8.2", "8.5"] {
        let (mut list, mut expected) = (String::new(), BTreeSet::new());
        for row in table.lines() {
            let columns: Vec<&str> = row.split('\t').collect();
            let is_about = columns[1].split(' ').any(|version| version == php);
            // The line 0 says that PHP has none, and a line behind `ok` that PHP
            // has looked no further.
            if is_about && columns[2] != "0" && (columns[2] != "ok" || columns.len() == 3) {
                writeln!(list, "{}/{}", folder.display(), columns[0]).unwrap();
                if columns[2] != "ok" {
                    expected.insert((columns[0], columns[2]));
                }
            }
        }
        let args = ["lint", "--php", php, "--files-from", "-", "--output-format", "short"];
        let run = Dir::new().tilde(args).run_with(list);
        let place = |line| {
            let mut fields = str::split(line, ':');
            (fields.next().unwrap().rsplit('/').next().unwrap(), fields.next().unwrap())
        };
        // What the compiler refuses is told as well.
        let lines = run.text().lines().filter(|line| line.contains("error[T-SYNTAX]"));
        let found: BTreeSet<(&str, &str)> = lines.map(place).collect();
        let differences: Vec<_> = found.symmetric_difference(&expected).collect();
        assert!(differences.is_empty(), "PHP {php}: {differences:?}");
    }
}

#[test]
fn the_output_is_the_same_on_any_number_of_threads() {
    let dir = Dir::new();
    let mut list = String::new();
    for index in 0..1_200 {
        let body = "$a = 1; ".repeat(1 + index * 7919 % 3000);
        let end = if index % 3 == 0 { "}" } else { "" };
        dir.write(format!("{index}.php"), format!("<?php\n{body}\n{end}\n"));
        writeln!(list, "{index}.php").unwrap();
    }
    dir.write("list", list);
    let run = |threads: &str| dir.run(["lint", "--files-from", "list", "-j", threads]);
    let one = run("1");
    assert_eq!(one.code, 1);
    assert!(one.stderr.ends_with("400 errors in 1200 files\n"), "{}", one.stderr);
    for threads in ["2", "3", "40"] {
        let many = run(threads);
        assert!(many.stdout == one.stdout, "another report on {threads} threads");
        assert_eq!((many.code, &many.stderr), (1, &one.stderr));
    }
}
