//! `tilde diff`.

use std::process::Command;

use serde_json::Value;

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

/// What a parser of HTML finds in a page: how often each class is there, and the text.
fn page(text: &[u8]) -> Value {
    let script = formats::file("tests/cli/formats/page.py");
    let found = formats::read("python3", &[script.to_str().unwrap()], text);
    serde_json::from_str(&found).unwrap()
}

#[test]
fn a_page_has_all_that_differs() {
    let dir = files(OLD, NEW);
    let run = dir.run(["diff", "old.php", "new.php", "--html", "page.html"]);
    // The diff is printed as well.
    assert!(run.code == 1 && run.text().starts_with("--- old.php\n"), "{run}");
    let found = page(dir.text("page.html").as_bytes());
    let text = found["text"].as_str().unwrap();
    for expected in ["old.php → new.php", "the code of 1 of 1 file differs", "Cart::count()", "1.0"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let class = |name: &str| found["classes"][name].as_u64().unwrap_or_default();
    // Two functions and a class of the new file, and the code outside of them.
    assert_eq!((class("box"), class("treemap"), class("change")), (4, 1, 5), "{found}");
    assert!(class("hunk") >= 3 && class("moved") > 0 && class("removed") > 0, "{found}");
    let run = dir.run(["diff", "old.php", "new.php", "--html", "-"]);
    assert_eq!((run.code, run.text()), (1, &*dir.text("page.html")));
    // A browser takes longer than all else here, so `just page` asks for it.
    if std::env::var_os("TILDE_BROWSER").is_some() {
        let mut node = Command::new("node");
        node.arg(formats::file("../../scripts/page.mjs")).arg(dir.path("page.html"));
        let output = node.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Nothing in an output, and no name, is more than text in a page.
#[test]
fn a_page_takes_code_as_text() {
    let dir = Dir::new();
    let (old, new) =
        ("<b id=x>'\"&.php", "</title><script>alert(1)</script>.php".replace('/', "∕"));
    dir.write(old, "<?php\n$a = '</code><script src=//x></script>';\nfunction a() {}\n");
    let code = b"<?php\n$a = '<img src=x onerror=1>\x1b[31m&amp;\xff';\nfunction a() { b(); }\n";
    dir.write(&new, code);
    let run = dir.run(["diff", old, &new, "--html", "-"]);
    assert_eq!(run.code, 1, "{run}");
    let text = page(&run.stdout)["text"].as_str().unwrap().to_owned();
    assert!(text.contains("<script src=//x></script>"), "{text}");
    assert!(text.contains("<img src=x onerror=1>\\u{1b}[31m&amp;\u{fffd}"), "{text}");
    assert!(text.contains(old) && text.contains("alert(1)"), "{text}");
}

#[test]
fn a_page_of_what_is_the_same_and_of_several_files() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    git(&dir, &["init", "-q"]);
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-q", "-m", "first"]);
    let run = dir.run(["diff", "--git", "HEAD", "--html", "-"]);
    assert_eq!(run.code, 0, "{run}");
    let text = page(&run.stdout)["text"].as_str().unwrap().to_owned();
    assert!(text.contains("the code is the same") && text.contains("nothing differs"), "{text}");
    dir.write("out/b.php", "<?php\nfunction b() {}\n");
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-q", "-m", "second"]);
    dir.write("out/b.php", "<?php\nfunction b() { return 1; }\n");
    let run = dir.run(["diff", "--git", "HEAD", "out/all.php", "out/b.php", "--html", "-"]);
    let text = page(&run.stdout)["text"].as_str().unwrap().to_owned();
    assert!(text.contains("the code of 1 of 2 files differs"), "{text}");
    let run = dir.fail(["diff", "out/all.php", "out/b.php", "--html", "./out/b.php"]);
    assert!(run.stderr.contains("it is one of the files to compare"), "{run}");
}

/// A page that no browser can show helps nobody.
#[test]
fn a_page_is_cut_unless_all_is_wanted() {
    let of = |result: usize| {
        let function = |index: usize| format!("function f{index}() {{ return {result}; }}\n");
        format!("<?php\n{}", (0..6000).map(function).collect::<String>())
    };
    let dir = files(&of(1), &of(2));
    let hunks = |options: &[&str]| {
        let run = dir.run([&["diff", "old.php", "new.php", "--html", "-"], options].concat());
        let text = run.text();
        (text.matches("class=\"hunk\"").count(), text.contains("more hunks; --full shows all"))
    };
    assert_eq!(hunks(&["--full"]), (6000, false));
    let (shown, is_cut) = hunks(&[]);
    assert!(is_cut && (4000..6000).contains(&shown), "{shown}");
}
