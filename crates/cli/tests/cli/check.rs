//! `tilde check`.

use crate::util::{Dir, assert_run};

#[test]
fn nothing_would_change() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    let before = dir.files_left();
    let run = dir.run(["check"]);
    assert_run!(run);
    assert_eq!(dir.files_left(), before);
}

#[test]
fn something_would_change() {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/b.php", "<?php\nfunction b() { return 3; }\n");
    let before = dir.files_left();
    let run = dir.run(["check"]);
    assert_eq!(run.code, 1, "{run}");
    let text = run.text();
    assert!(text.starts_with("--- out/all.php (on disk)\n+++ out/all.php (would be written)\n@@"));
    assert!(text.lines().any(|line| line.starts_with('-') && line.contains("return 2")), "{text}");
    assert!(text.lines().any(|line| line.starts_with('+') && line.contains("return 3")), "{text}");
    assert_eq!(dir.files_left(), before);
}

#[test]
fn a_missing_output_is_a_difference() {
    let dir = Dir::project();
    let before = dir.files_left();
    let run = dir.run(["check"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.text().starts_with("--- out/all.php (missing)\n"), "{run}");
    assert_eq!(dir.files_left(), before);
}

#[test]
fn bytes_that_are_no_text_stay_bytes() {
    let dir = Dir::project();
    dir.write("lib/b.php", b"<?php\n$b = '\xd6\xd0';\n");
    let run = dir.run(["check"]);
    assert!(run.stdout.windows(2).any(|bytes| bytes == b"\xd6\xd0"));
}

#[test]
fn colours_on_demand() {
    let run = Dir::project().run(["check", "--color", "always"]);
    assert!(run.text().contains("\x1b[32m+"), "{run}");
}

#[test]
fn an_error_is_no_difference() {
    let dir = Dir::project();
    dir.write("lib/b.php", "<?php\n$b = spl_autoload_register();\n");
    let run = dir.fail(["check"]);
    assert_eq!(run.text(), "");
}

#[test]
fn standard_output_cannot_be_compared() {
    assert_run!(Dir::project().fail(["check", "lib/a.php", "-o", "-"]));
}
