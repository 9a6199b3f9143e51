//! Every help text. Its first line says what the command is for.

use crate::util::{Dir, Run, assert_run};

fn help(command: &str) -> Run {
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
fn of_review() {
    assert_run!(help("review"));
}

#[test]
fn of_accept() {
    assert_run!(help("accept"));
}

#[test]
fn of_reject() {
    assert_run!(help("reject"));
}

#[test]
fn of_init() {
    assert_run!(help("init"));
}

#[test]
fn of_config() {
    assert_run!(help("config"));
}

#[test]
fn of_completions() {
    assert_run!(help("completions"));
}

#[test]
fn of_man() {
    assert_run!(help("man"));
}

#[test]
fn of_diff() {
    assert_run!(help("diff"));
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
fn of_trace() {
    assert_run!(help("trace"));
}

#[test]
fn of_bench() {
    assert_run!(help("bench"));
}

#[test]
fn of_state() {
    assert_run!(help("state"));
}

#[test]
fn of_lint() {
    assert_run!(help("lint"));
}

#[test]
fn begins_with_the_description_in_the_list() {
    for (command, description) in listed(&Dir::new().run(["--help"])) {
        assert_eq!(help(&command).text().lines().next().unwrap(), description);
    }
}

/// A command without a snapshot here is found.
#[test]
fn each_command_is_here() {
    let names: Vec<String> =
        listed(&Dir::new().run(["--help"])).into_iter().map(|(name, _)| name).collect();
    let here = [
        "build",
        "check",
        "review",
        "accept",
        "reject",
        "diff",
        "watch",
        "strip",
        "tokens",
        "lint",
        "state",
        "phar",
        "where",
        "module",
        "docker",
        "trace",
        "bench",
        "init",
        "config",
        "completions",
        "man",
    ];
    assert_eq!(names, here);
}

#[test]
fn each_command_has_a_version() {
    let run = Dir::new().run(["build", "--version"]);
    assert!(run.code == 0 && run.text().ends_with(" 0.1.0\n"), "{run}");
}

#[test]
fn of_phar() {
    of_group("phar", &["create", "list", "extract", "verify", "info", "diff"]);
}

#[test]
fn of_module() {
    of_group("module", &["list", "pack", "unpack", "check"]);
}

#[test]
fn of_docker() {
    of_group("docker", &["init", "build-context", "check"]);
}

/// The help of a command and of all that it has.
fn of_group(group: &str, commands: &[&str]) {
    let list = help(group);
    let names: Vec<String> = listed(&list).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, commands);
    snapshot(group, "", &list);
    for (name, description) in listed(&list) {
        let run = Dir::new().run([group, &name, "--help"]);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(run.text().lines().next().unwrap(), description);
        snapshot(group, &name, &run);
    }
}

fn snapshot(group: &str, command: &str, run: &Run) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    if !command.is_empty() {
        settings.set_snapshot_suffix(command);
    }
    settings.bind(|| insta::assert_snapshot!(format!("of_{group}"), run.to_string()));
}

/// The commands that a help text lists, and what each is for, in one line.
pub(crate) fn listed(run: &Run) -> Vec<(String, String)> {
    let text = run.text();
    let Some(list) = text.split("Commands:\n").nth(1) else { return Vec::new() };
    let list = list.split("\n\n").next().unwrap();
    let commands = list.lines().filter_map(|line| line.trim().split_once(' '));
    let commands = commands.map(|(name, text)| (name.to_owned(), text.trim().to_owned()));
    commands.filter(|(name, _)| name != "help").collect()
}
