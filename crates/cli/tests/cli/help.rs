//! Every help text. Its first line says what the command is for.

use crate::util::{Dir, assert_run};

fn help(command: &str) -> crate::util::Run {
    let run = Dir::new().run([command, "--help"]);
    assert_eq!(run.code, 0, "{run}");
    run
}

#[test]
fn of_tilde() {
    assert_run!(Dir::new().run(["--help"]));
}

#[test]
fn of_build() {
    assert_run!(help("build"));
}

#[test]
fn of_check() {
    assert_run!(help("check"));
}

#[test]
fn of_watch() {
    assert_run!(help("watch"));
}

#[test]
fn of_strip() {
    assert_run!(help("strip"));
}

#[test]
fn of_where() {
    assert_run!(help("where"));
}

#[test]
fn of_tokens() {
    assert_run!(help("tokens"));
}

#[test]
fn of_lint() {
    assert_run!(help("lint"));
}

#[test]
fn begins_with_the_description_in_the_list() {
    let list = Dir::new().run(["--help"]);
    let commands = list.text().split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in commands.lines().filter(|line| !line.trim_start().starts_with("help ")) {
        let (command, description) = line.trim().split_once(' ').unwrap();
        let first = help(command).text().lines().next().unwrap().to_owned();
        assert_eq!(first, description.trim());
    }
}

#[test]
fn each_command_has_a_version() {
    let run = Dir::new().run(["build", "--version"]);
    assert!(run.code == 0 && run.text().ends_with(" 0.1.0\n"), "{run}");
}

#[test]
fn of_phar() {
    assert_run!(help("phar"));
    for command in ["create", "list", "extract", "verify", "info", "diff"] {
        let run = Dir::new().run(["phar", command, "--help"]);
        assert_eq!(run.code, 0, "{run}");
        insta::with_settings!({ omit_expression => true, snapshot_suffix => command }, {
            insta::assert_snapshot!("of_phar", run.to_string());
        });
    }
}
