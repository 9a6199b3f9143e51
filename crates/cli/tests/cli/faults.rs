//! Outputs that the system does not let anybody replace: all stay as they are,
//! and the message says which and what to do.
//!
//! Some of these states only root can make, or nobody within a sandbox; there
//! the test ends with the attempt.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::process::{Command, Stdio};

use crate::util::{Dir, Run};

/// Two outputs that would change, the second of which is the one in question.
fn project() -> Dir {
    let dir = Dir::project();
    let bundle = |name| format!("[[bundle]]\nfiles = [\"lib/{name}\"]\noutput = \"out/{name}\"\n");
    dir.write("tilde.toml", bundle("a.php") + &bundle("b.php"));
    dir.write("out/a.php", "old");
    dir.write("out/b.php", "old");
    dir
}

/// Whether a command could be run.
fn can(program: &str, args: &[&str], dir: &Dir) -> bool {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir.path("")).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn check_refused(dir: &Dir, run: &Run, reason: &str, help: &str) {
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("cannot write out/b.php: "), "{run}");
    assert!(run.stderr.contains(reason) && run.stderr.contains(help), "{run}");
    assert_eq!((dir.text("out/a.php"), dir.text("out/b.php")), ("old".into(), "old".into()));
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 2, "{run}");
}

#[test]
fn a_mounted_file() {
    let dir = project();
    let in_namespace = ["--user", "--map-root-user", "--mount"];
    if !can("unshare", &[&in_namespace[..], &["true"]].concat(), &dir) {
        return;
    }
    let script = "mount --bind out/b.php out/b.php && exec \"$0\" build";
    let mut command = Command::new("unshare");
    command.args(in_namespace).args(["sh", "-c", script, env!("CARGO_BIN_EXE_tilde")]);
    let output = command.current_dir(dir.path("")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let run = Run { code: output.status.code().unwrap(), stdout: output.stdout, stderr };
    check_refused(&dir, &run, "it is a mount of its own", "mount its folder instead");
}

#[test]
fn an_immutable_file_or_folder() {
    let dir = project();
    for (path, attribute, reason) in [
        ("out/b.php", "i", "it is marked as immutable"),
        ("out/b.php", "a", "it is marked as immutable or append-only"),
    ] {
        if !can("chattr", &[&format!("+{attribute}"), path], &dir) {
            return;
        }
        let run = dir.run(["build"]);
        assert!(can("chattr", &[&format!("-{attribute}"), path], &dir));
        check_refused(&dir, &run, reason, "chattr -i -a out/b.php");
    }
    dir.folder("fixed");
    dir.write("fixed/b.php", "old");
    if can("chattr", &["+a", "fixed"], &dir) {
        let run = dir.run(["build", "lib/b.php", "-o", "fixed/b.php"]);
        assert!(can("chattr", &["-a", "fixed"], &dir));
        assert!(run.stderr.contains("its folder is marked as immutable or append-only"), "{run}");
        assert_eq!(dir.text("fixed/b.php"), "old");
    }
}

#[test]
fn the_file_of_another_in_a_sticky_folder() {
    let dir = project();
    if chown(dir.path("out/a.php"), Some(65_534), None).is_err() {
        return;
    }
    let open = |path: &str, mode| {
        fs::set_permissions(dir.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    open("", 0o755);
    open("out", 0o1777);
    open("out/b.php", 0o666);
    // The folders above the binary may be closed to nobody.
    fs::copy(env!("CARGO_BIN_EXE_tilde"), dir.path("tilde")).unwrap();
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "./tilde", "build"];
    let output = Command::new("setpriv").args(nobody).current_dir(dir.path("")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let run = Run { code: output.status.code().unwrap(), stdout: output.stdout, stderr };
    check_refused(&dir, &run, "its folder is sticky", "remove it as its owner");
}

#[test]
fn files_beyond_a_limit() {
    let dir = Dir::project();
    dir.write("lib/a.php", "<?php\n".to_owned() + &"$a = 1;\n".repeat(100_000));
    dir.write("out/all.php", "old");
    let mut command = Command::new("bash");
    command.args(["-c", "ulimit -f 100; exec \"$0\" build", env!("CARGO_BIN_EXE_tilde")]);
    let output = command.current_dir(dir.path("")).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("the limit for the size of a file is reached"), "{stderr}");
    assert_eq!(dir.text("out/all.php"), "old");
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 1);
}
