//! Budgets: outputs that are larger than they may be, or grow more than they may.

use crate::formats::{jq, take};
use crate::util::{Dir, assert_run};

/// A project of two files whose bundle is on disk, with this line in its `[[bundle]]`.
fn project(bundle: &str, top: &str) -> Dir {
    let dir = Dir::project();
    let table = dir.text("tilde.toml");
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("tilde.toml", format!("{top}\n{table}{bundle}\n"));
    dir
}

/// Makes the bundle larger by some 100 bytes, and a little smaller elsewhere.
fn grow(dir: &Dir) {
    let text = "x".repeat(100);
    dir.write("lib/b.php", format!("<?php\nfunction b() {{ return '{text}'; }}\n"));
    dir.write("lib/c.php", "<?php\nfunction c() { return '0123456789'; }\n");
    dir.write("lib/a.php", "<?php\nfunction a() {}\n");
}

#[test]
fn growth_is_found_until_it_is_built() {
    let dir = project("budget = [\"1 kB\", \"+50 %\", \"+40 B\"]", "");
    assert_eq!(dir.run(["check"]).code, 0);
    grow(&dir);
    let before = dir.files_left();
    let run = dir.run(["check", "--stat"]);
    assert_run!(run);
    assert_eq!(dir.files_left(), before);
    assert_eq!(dir.run(["build", "--dry-run"]).code, 1);
    let run = dir.run(["build"]);
    assert!(run.code == 1 && run.stderr.contains("T-GROWTH"), "{run}");
    // The second time it is what is on disk.
    assert_eq!(dir.run(["build"]).code, 0);
    assert_eq!(dir.run(["check"]).code, 0);
}

#[test]
fn size_is_found_as_long_as_it_is() {
    let dir = project("", "budget = \"50 B\"");
    // The second run has its results from the cache.
    for command in ["build", "build", "check", "check"] {
        let run = dir.run([command]);
        assert!(run.code == 1 && run.stderr.contains("T-BUDGET"), "{run}");
        assert!(run.stderr.contains("= help: largest: lib/"), "{run}");
    }
    assert_eq!(dir.run(["check", "--allow", "T-BUDGET"]).code, 0);
    assert_eq!(dir.run(["check", "--allow", "T-BUDGET:out"]).code, 0);
    assert_eq!(dir.run(["check", "--allow", "T-BUDGET:lib"]).code, 1);
    let run = dir.run(["build", "--review"]);
    assert!(run.code == 1 && run.stderr.contains("T-BUDGET"), "{run}");
}

/// The command line counts, then the bundle, then the file as a whole.
#[test]
fn the_nearest_budget_counts() {
    let dir = project("budget = \"1 kB\"", "budget = \"1 B\"");
    assert_eq!(dir.run(["check"]).code, 0);
    assert_eq!(dir.run(["check", "--budget", "20 B"]).code, 1);
    let args = ["build", "lib/a.php", "-o", "a.php", "--budget", "20 B"];
    let run = dir.run(args);
    // What is not there yet does not grow.
    assert!(run.code == 1 && run.stderr.contains("a.php has "), "{run}");
    assert_eq!(dir.run(["build", "lib/b.php", "-o", "b.php", "--budget", "+1 B"]).code, 0);
    let run = dir.fail(["check", "--budget", "5 %"]);
    assert!(run.stderr.contains("`5 %` is no budget"), "{run}");
}

#[test]
fn reports_have_it() {
    let dir = project("budget = [\"50 B\", \"+5 %\"]", "");
    grow(&dir);
    for format in ["json", "github", "gitlab", "sarif", "junit"] {
        let run = dir.run(["check", "--output-format", format]);
        assert_eq!(run.code, 1, "{run}");
        take(format, &run.stdout);
        if format == "json" {
            let codes = jq("[.findings[].code]", &run.stdout);
            assert_eq!(codes, serde_json::json!(["T-BUDGET", "T-GROWTH"]));
        }
    }
}
