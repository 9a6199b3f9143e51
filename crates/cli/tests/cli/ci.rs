//! The commands of docs/ci.md, as CI systems and git run them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::formats;
use crate::util::{Dir, clean};

/// The block of the document that goes into this file.
fn block(file: &str) -> String {
    let document = include_str!("../../../../docs/ci.md");
    let (_, rest) = document.split_once(&format!(" {file}\n")).unwrap();
    rest.split("\n```").next().unwrap().to_owned() + "\n"
}

/// What stands after this in a line of the block.
fn after(file: &str, start: &str) -> String {
    let block = block(file);
    block.lines().find_map(|line| line.trim().strip_prefix(start)).unwrap().to_owned()
}

/// Runs a line as a CI system does, with the binary in the path.
fn shell(dir: &Dir, line: &str, variables: &[(&str, &str)]) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_tilde")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    clean(&mut shell).args(["-e", "-c", line]).current_dir(dir.path("")).env("PATH", path);
    shell.envs(variables.iter().copied()).output().unwrap()
}

/// A built project, one source of which has changed since.
fn stale() -> Dir {
    let dir = Dir::project();
    assert_eq!(dir.run(["build"]).code, 0);
    dir.write("lib/b.php", "<?php\nfunction b() { return 3; }\n");
    dir
}

#[test]
fn github() {
    let dir = stale();
    let line = after(".github/workflows/tilde.yml", "- run: ");
    let github = [("GITHUB_ACTIONS", "true"), ("CI", "true")];
    let output = shell(&dir, &line, &github);
    assert_eq!(output.status.code(), Some(1));
    formats::take("github", &output.stdout);
    let line = after(".github/workflows/scanning.yml", "- run: ");
    assert_eq!(shell(&dir, &line, &github).status.code(), Some(1));
    formats::take("sarif", dir.text("tilde.sarif").as_bytes());
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(shell(&dir, &line, &github).status.success());
}

#[test]
fn gitlab() {
    let dir = stale();
    let line = after(".gitlab-ci.yml", "- ");
    let gitlab = [("GITLAB_CI", "true"), ("CI", "true")];
    let output = shell(&dir, &line, &gitlab);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("+    return 3;"));
    formats::take("gitlab", dir.text("gl-code-quality-report.json").as_bytes());
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(shell(&dir, &line, &gitlab).status.success());
    assert_eq!(dir.text("gl-code-quality-report.json"), "[]\n");
}

#[test]
fn hook_of_git() {
    let dir = stale();
    let git = |line: &str| {
        let identity = "git -c user.name=A -c user.email=a@example.org";
        shell(&dir, &format!("{identity} {line}"), &[("GIT_CONFIG_GLOBAL", "/dev/null")])
    };
    assert!(git("init -q").status.success());
    dir.write(".git/hooks/pre-commit", block(".git/hooks/pre-commit"));
    let hook = dir.path(".git/hooks/pre-commit");
    fs::set_permissions(hook, Permissions::from_mode(0o755)).unwrap();
    assert!(git("add .").status.success());
    let refused = git("commit -q -m first");
    assert!(!refused.status.success());
    let text = String::from_utf8([refused.stdout, refused.stderr].concat()).unwrap();
    assert!(text.contains("b() changed") && text.contains("`tilde build` writes them"), "{text}");
    assert_eq!(dir.run(["build"]).code, 0);
    assert!(git("add .").status.success() && git("commit -q -m first").status.success());
}

#[test]
fn script_of_composer() {
    let json: serde_json::Value = serde_json::from_str(&block("composer.json")).unwrap();
    let line = json["scripts"]["compiled"].as_str().unwrap();
    assert_eq!(shell(&stale(), line, &[]).status.code(), Some(1));
}
