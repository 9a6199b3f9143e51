//! `tilde review`, `accept`, `reject` and `build --review`.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use crate::terminal;
use crate::util::{Dir, clean};

/// Two bundles that have changed since they were built, as pending files.
fn pending() -> Dir {
    let dir = Dir::new();
    let bundle = |name: &str| {
        format!("[[bundle]]\nfiles = [\"lib/{name}.php\"]\noutput = \"out/{name}.php\"\n\n")
    };
    dir.write("tilde.toml", bundle("a") + &bundle("b"));
    let write = |result: usize| {
        for name in ["a", "b"] {
            let source = format!("<?php\nfunction {name}()\n{{\n    return {result};\n}}\n");
            dir.write(format!("lib/{name}.php"), source);
        }
    };
    dir.folder("out");
    write(1);
    assert_eq!(dir.run(["build"]).code, 0);
    write(2);
    let run = dir.run(["build", "--review"]);
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(results(&dir), ["1 -> 2", "1 -> 2"]);
    dir
}

/// What the functions of both outputs return, and would return.
fn results(dir: &Dir) -> Vec<String> {
    let result = |path: String| {
        let text = std::fs::read_to_string(dir.path(path)).unwrap_or_default();
        let (_, rest) = text.split_once("return ").unwrap_or_default();
        rest.split(';').next().unwrap_or_default().to_owned()
    };
    let both = |name: &str| {
        let (old, new) = (result(format!("out/{name}.php")), result(format!("out/{name}.php.new")));
        if new.is_empty() { old } else { format!("{old} -> {new}") }
    };
    vec![both("a"), both("b")]
}

/// A terminal at which somebody answers each question with the next of the answers.
/// Returns what stands there in the end, and the exit status.
pub(crate) fn dialogue(folder: &Path, answers: &[&str]) -> (String, i32) {
    let (mut controller, user) = terminal::pair(80);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
    clean(&mut command).arg("review").current_dir(folder).env("NO_COLOR", "1");
    command.stdin(user.try_clone().unwrap()).stdout(user.try_clone().unwrap()).stderr(user);
    let mut child = command.spawn().unwrap();
    // It holds the user's side, too.
    drop(command);
    let text = answer(&mut controller, answers);
    (text, child.wait().unwrap().code().unwrap())
}

fn answer(controller: &mut File, answers: &[&str]) -> String {
    let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
    let mut answers = answers.iter();
    while let Ok(len @ 1..) = controller.read(&mut buffer) {
        text.extend_from_slice(&buffer[..len]);
        if text.ends_with(b"\n> ") {
            let answer = answers.next().map_or("\u{4}".to_owned(), |it| format!("{it}\n"));
            controller.write_all(answer.as_bytes()).unwrap();
        }
    }
    String::from_utf8(text).unwrap().replace('\r', "")
}

#[test]
fn each_answer() {
    let after = |answers: &[&str]| {
        let dir = pending();
        let (text, code) = dialogue(&dir.path(""), answers);
        assert!(text.contains("1 of 2: out/a.php\n--- out/a.php (accepted)\n"), "{text}");
        assert!(text.contains("-    return 1;\n+    return 2;\n"), "{text}");
        (results(&dir), code)
    };
    let results = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
    assert_eq!(after(&["a", "a"]), (results("2", "2"), 0));
    assert_eq!(after(&["r", "a"]), (results("1", "2"), 0));
    assert_eq!(after(&["s", "r"]), (results("1 -> 2", "1"), 1));
    assert_eq!(after(&["A"]), (results("2", "2"), 0));
    assert_eq!(after(&["R"]), (results("1", "1"), 0));
    assert_eq!(after(&["S"]), (results("1 -> 2", "1 -> 2"), 1));
    assert_eq!(after(&["a", "q"]), (results("2", "1 -> 2"), 1));
    // What is no answer is asked again, and the end of the input is none.
    assert_eq!(after(&["x", "", "d", "a"]), (results("2", "1 -> 2"), 1));
}

#[test]
fn without_a_terminal_it_says_what_to_run() {
    let dir = pending();
    let run = dir.fail(["review"]);
    assert!(run.stderr.contains("review asks at a terminal, and this is none"), "{run}");
    assert!(run.stderr.contains("`tilde accept` takes all pending changes"), "{run}");
}

#[test]
fn all_or_some_are_accepted() {
    let dir = pending();
    let run = dir.run(["accept", "out/b.php"]);
    assert_eq!((run.code, &*run.stderr), (0, "accepted out/b.php\n"));
    assert_eq!(results(&dir), ["1 -> 2", "2"]);
    let run = dir.run(["accept"]);
    assert_eq!((run.code, &*run.stderr), (0, "accepted out/a.php\n"));
    assert_eq!(dir.run(["check"]).code, 0);
    let run = dir.run(["accept"]);
    assert!(run.code == 0 && run.stderr.starts_with("nothing is pending"), "{run}");
    let run = dir.fail(["accept", "out/a.php"]);
    assert!(run.stderr.contains("out/a.php has no pending change"), "{run}");
}

#[test]
fn all_or_some_are_rejected() {
    let dir = pending();
    // The pending file is a name for it, too.
    assert_eq!(dir.run(["reject", "out/b.php.new"]).code, 0);
    assert_eq!(results(&dir), ["1 -> 2", "1"]);
    assert_eq!(dir.run(["reject"]).code, 0);
    assert_eq!(results(&dir), ["1", "1"]);
    assert_eq!(dir.run(["check"]).code, 1);
}

#[test]
fn a_change_that_is_taken_back_is_not_pending() {
    let dir = pending();
    dir.write("lib/a.php", "<?php\nfunction a()\n{\n    return 1;\n}\n");
    assert_eq!(dir.run(["build", "--review"]).code, 1);
    assert_eq!(results(&dir), ["1", "1 -> 2"]);
    dir.write("lib/b.php", "<?php\nfunction b()\n{\n    return 1;\n}\n");
    let run = dir.run(["build", "--review"]);
    assert!(run.code == 0 && run.stderr.contains("nothing changed: 2 outputs"), "{run}");
    assert_eq!(results(&dir), ["1", "1"]);
}

/// Packages of modules are outputs like any other, also one that is not there yet.
#[test]
fn packages_of_modules() {
    let dir = Dir::new();
    dir.write("tilde.toml", "[[module]]\n");
    dir.write("composer.json", r#"{"autoload": {"psr-4": {"Module\\": "src/Module"}}}"#);
    dir.write("src/Module/Shop/zm.json", r#"{"name": "shop", "version": "1.0.0"}"#);
    dir.write("src/Module/Shop/a.php", "<?php\nfunction a() { return 1; }\n");
    let run = dir.run(["build"]);
    assert_eq!(run.code, 0, "{run}");
    dir.write("src/Module/Shop/a.php", "<?php\nfunction a() { return 2; }\n");
    dir.write("src/Module/Shop/b.php", "<?php\n");
    dir.write("src/Module/Till/zm.json", r#"{"name": "till", "version": "2.0.0"}"#);
    dir.write("src/Module/Till/c.php", "<?php\n");
    assert_eq!(dir.run(["build", "--review"]).code, 1);
    let (text, code) = dialogue(&dir.path(""), &["a", "s"]);
    assert_eq!(code, 1, "{text}");
    let entries = "shop_1.0.0.phar (pending)\n~ module_entry.php\n~ src/Module/Shop/a.php\n\
                   + src/Module/Shop/b.php\n~ zmplugin.json\na accept";
    assert!(text.contains(entries), "{text}");
    assert!(text.contains("till_2.0.0.phar (pending)\na new file of "), "{text}");
    let run = dir.run(["accept"]);
    assert_eq!((run.code, &*run.stderr), (0, "accepted zm_data/output/till_2.0.0.phar\n"));
    assert_eq!(dir.run(["check"]).code, 0);
    let package = "zm_data/output/till_2.0.0.phar";
    let run = dir.fail(["diff", package, package]);
    assert!(run.stderr.contains("tilde phar diff OLD NEW"), "{run}");
}

#[test]
fn in_ci_nothing_is_written() {
    let dir = pending();
    dir.write("lib/a.php", "<?php\nfunction a()\n{\n    return 3;\n}\n");
    let before = dir.files_left();
    for (name, args) in [
        ("CI", vec!["accept"]),
        ("CI", vec!["reject"]),
        ("CI", vec!["review"]),
        ("GITLAB_CI", vec!["accept", "out/a.php"]),
    ] {
        let run = dir.tilde(args).env(name, "true").run();
        assert!(run.code == 2 && run.stderr.contains("nothing is written in CI"), "{run}");
    }
    let run = dir.tilde(["build", "--review"]).env("CI", "true").run();
    assert!(run.code == 1 && run.stderr.contains("nothing written in CI: 2 outputs"), "{run}");
    assert_eq!(dir.files_left(), before);
}
