//! `tilde diff`.

use std::process::Command;

use crate::formats;
use crate::util::{Dir, assert_run};

const OLD: &str = "<?php
class Cart
{
    private $items = array();
    function add($item) { $this->items[] = $item; return $this; }
    function total($rate) { return array_sum($this->items) * (1 + $rate); }
}
function greeting($name) { return 'Good morning, ' . $name; }
function obsolete() { return 'no longer called'; }
function last() { return 'the last one'; }
";

/// A method changes, one comes; a function moves, one goes, one has another name.
const NEW: &str = "<?php
function last() { return 'the last one'; }
class Cart
{
    private $items = array();
    function add($item) { $this->items[] = $item; return $this; }
    function total($rate) { return array_sum($this->items) * (1.0 + $rate); }
    function count() { return count($this->items); }
}
function welcome($name) { return 'Good morning, ' . $name; }
";

fn files(old: &str, new: &str) -> Dir {
    let dir = Dir::new();
    dir.write("old.php", old);
    dir.write("new.php", new);
    dir
}

#[test]
fn symbols_and_their_sizes() {
    let dir = files(OLD, NEW);
    let run = dir.run(["diff", "old.php", "new.php"]);
    assert_eq!(run.code, 1, "{run}");
    assert_run!(run);
    assert_run!(dir.run(["diff", "old.php", "new.php", "--stat"]));
}

/// The same code in one line and in many is the same.
#[test]
fn blanks_and_comments_are_no_difference() {
    let tight = OLD.replace('\n', " ");
    let dir = files(OLD, &tight.replace("<?php", "<?php /* one line */"));
    let run = dir.run(["diff", "old.php", "new.php"]);
    assert_eq!((run.code, run.text()), (0, ""), "{run}");
    assert_eq!(run.stderr, "new.php: only blanks and comments differ\n");
    dir.write("new.php", OLD);
    let run = dir.run(["diff", "old.php", "new.php"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "new.php: nothing differs\n"));
    let run = dir.run(["diff", "-q", "old.php", "new.php"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn a_map_tells_the_sources() {
    let dir = Dir::project();
    let build = ["build", "--map"];
    assert_eq!(dir.run(build).code, 0);
    dir.write("old.php", dir.text("out/all.php"));
    dir.write("lib/b.php", "<?php\n\nfunction b() { return 3; }\n");
    assert_eq!(dir.run(build).code, 0);
    let run = dir.run(["diff", "old.php", "out/all.php"]);
    assert!(run.text().contains("from lib/b.php\n@@"), "{run}");
    assert!(run.text().contains("@@ lib/b.php:3 in b()\n"), "{run}");
}

fn git(dir: &Dir, args: &[&str]) {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "-c",
        "init.defaultBranch=main",
    ]);
    let output = git.args(args).current_dir(dir.path("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with the project of most tests, built and committed.
fn repository() -> Dir {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    git(&dir, &["init", "-q"]);
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-q", "-m", "first"]);
    dir
}

#[test]
fn a_revision_and_the_disk() {
    let dir = repository();
    let run = dir.run(["diff", "--git", "HEAD"]);
    assert_eq!(run.code, 0, "{run}");
    dir.write("lib/b.php", "<?php\nfunction b() { return 3; }\n");
    assert_eq!(dir.run(["build"]).code, 0);
    let run = dir.run(["diff", "--git", "HEAD"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().starts_with("--- out/all.php (HEAD)\n+++ out/all.php (on disk)\n"), "{run}");
    assert!(run.text().contains("-    return 2;\n+    return 3;\n"), "{run}");
    // Also from below, and one file by its name.
    let below = dir.tilde(["diff", "--git", "HEAD", "all.php"]).current_dir(&dir.path("out")).run();
    assert_eq!(below.code, 1, "{below}");
    std::fs::remove_file(dir.path("out/all.php")).unwrap();
    let run = dir.run(["diff", "--git", "main"]);
    assert!(run.code == 1 && run.text().contains("(on disk) (missing)\n"), "{run}");
}

#[test]
fn what_cannot_be_compared() {
    let dir = repository();
    let error = |args: &[&str], text: &str| {
        let run = dir.fail([&["diff"], args].concat());
        assert!(run.stderr.contains(text), "{run}");
    };
    error(&["--git", "nowhere"], "git knows no revision `nowhere`");
    error(&["--git=--output=x"], "git knows no revision `--output=x`");
    error(&["--git", "HEAD", "none.php"], "none.php is neither in HEAD nor on disk");
    error(&["lib/a.php"], "diff compares two files");
    error(&["-", "-"], "standard input cannot be both files");
    error(&["lib/a.php", "none.php"], "cannot read none.php");
    let alone = files(OLD, NEW);
    let run = alone.fail(["diff", "--git", "HEAD", "old.php"]);
    assert!(run.stderr.contains("old.php is in no git repository"), "{run}");
}

#[test]
fn formats() {
    let dir = files(OLD, NEW);
    for format in ["github", "gitlab", "sarif", "junit"] {
        let run = dir.run(["diff", "old.php", "new.php", "--output-format", format]);
        assert_eq!(run.code, 1, "{run}");
        formats::take(format, &run.stdout);
    }
    for files in [["old.php", "new.php"], ["old.php", "old.php"]] {
        let run = dir.run(["diff", files[0], files[1], "--output-format", "json"]);
        formats::validate(&formats::file("../../docs/schemas/diff.json"), &run.stdout);
    }
    let run = dir.run(["diff", "old.php", "new.php", "--output-format", "json"]);
    let changes = formats::jq("[.files[0].changes[] | [.symbol, .change]]", &run.stdout);
    let expected = serde_json::json!([
        ["last()", "moved"],
        ["Cart::total()", "changed"],
        ["Cart::count()", "added"],
        ["welcome()", "renamed"],
        ["obsolete()", "removed"],
    ]);
    assert_eq!(changes, expected);
}
