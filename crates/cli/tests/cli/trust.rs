//! What a checked-out project may not do.

use std::os::unix::fs::{chown, symlink};

use crate::util::Dir;

fn project(output: &str) -> Dir {
    let dir = Dir::new();
    dir.write("elsewhere/secret", "secret");
    dir.write("app/a.php", "<?php\necho 1;\n");
    let config = format!("[[bundle]]\nfiles = [\"a.php\"]\noutput = \"{output}\"\n");
    dir.write("app/tilde.toml", config);
    dir
}

#[test]
fn outputs_stay_in_the_project_unless_the_command_line_says_otherwise() {
    for output in ["../elsewhere/secret", "../all.php", "/tmp/tilde-all.php", "link", "up/all.php"]
    {
        let dir = project(output);
        symlink("../elsewhere/secret", dir.path("app/link")).unwrap();
        symlink("..", dir.path("app/up")).unwrap();
        for command in ["build", "check"] {
            let run = dir.fail([command, "app"]);
            assert!(run.stderr.contains("error[T-OUTSIDE]"), "{output}: {run}");
            assert!(!run.text().contains("secret"), "{output}: {run}");
        }
        let run = dir.run(["build", "app", "--dry-run", "--allow", "T-OUTSIDE"]);
        assert_eq!(run.code, 0, "{output}: {run}");
        assert_eq!(dir.run(["build", "app", "--out", "elsewhere"]).code, 0);
    }
    let dir = project("../app/all.php");
    assert_eq!(dir.run(["build", "app"]).code, 0);
}

#[test]
fn a_project_cannot_allow_itself() {
    let dir = project("../all.php");
    let config = dir.text("app/tilde.toml");
    dir.write("app/tilde.toml", format!("allow = [\"T-OUTSIDE\"]\n{config}"));
    let run = dir.fail(["build", "app"]);
    assert!(run.stderr.contains("only the command line can allow T-OUTSIDE"), "{run}");
}

#[test]
fn a_configuration_above_counts_only_if_the_same_user_owns_it() {
    let dir = project("all.php");
    dir.folder("app/deep");
    assert_eq!(dir.run(["build", "app/deep"]).code, 0);
    // Only root can give a file away; for others the first half is the test.
    if chown(dir.path("app/tilde.toml"), Some(54_321), None).is_ok() {
        let run = dir.fail(["build", "app/deep"]);
        assert!(run.stderr.contains("there is no tilde.toml in app/deep or above it"), "{run}");
        assert_eq!(dir.run(["build", "app"]).code, 0);
    }
}
