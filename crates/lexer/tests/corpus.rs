//! Our tokens against those of the PHPs on this machine, file by file.
//!
//! The sources are those that `scripts/corpus` fetches. A plain run takes a
//! slice of them; `TILDE_CORPUS_ALL=1` takes all in PHP 8.2, and
//! `TILDE_CORPUS_VERSIONS=1` every tenth program of the suite in all versions.

#![allow(clippy::unwrap_used)]

mod php;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use tilde_testing::files::{every, expect_none, is_set, packages, repository, suite};
use tilde_testing::npm;

/// So many files are one run of PHP. While we lex them, PHP lexes the next.
const FILES_PER_RUN: usize = 1000;

#[test]
fn the_suite_of_php_has_the_tokens_of_php_8_2() {
    let step = if is_set("TILDE_CORPUS_ALL") { 1 } else { 18 };
    expect_none(&compare("8.2", &every(step, suite()), run_native));
}

#[test]
fn packages_have_the_tokens_of_php_8_2() {
    expect_none(&compare("8.2", &packages("wordpress"), run_native));
}

#[test]
fn the_suite_of_php_has_the_tokens_of_every_version() {
    let step = if is_set("TILDE_CORPUS_VERSIONS") { 10 } else { 200 };
    let programs = every(step, suite());
    let in_version = |version| compare(version, &programs, |list| run_npm(version, list));
    let differences: Vec<String> = npm::VERSIONS.into_iter().flat_map(in_version).collect();
    expect_none(&differences);
}

/// How we differ over the files from what `run` says of a list of them.
fn compare(php: &str, files: &[PathBuf], run: impl Fn(&Path) -> String + Sync) -> Vec<String> {
    assert!(!files.is_empty(), "no sources: run scripts/corpus");
    thread::scope(|scope| {
        // No more than one answer waits, as they are large.
        let (sender, receiver) = sync_channel(1);
        scope.spawn(|| ask(files, &run, sender));
        receiver.iter().flat_map(|(files, answer)| compare_run(php, files, &answer)).collect()
    })
}

fn ask<'a>(
    files: &'a [PathBuf],
    run: &impl Fn(&Path) -> String,
    sender: SyncSender<(&'a [PathBuf], String)>,
) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    for files in files.chunks(FILES_PER_RUN) {
        let names: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
        fs::write(&list, names.join("\n")).unwrap();
        let answer = run(&list);
        if sender.send((files, answer)).is_err() {
            return; // The other side has failed and says why.
        }
    }
    drop(sender);
}

fn compare_run(php: &str, files: &[PathBuf], answer: &str) -> Vec<String> {
    let mut answers = answer.split("# ").skip(1);
    let mut differences = Vec::new();
    for path in files {
        let answer = answers.next().expect("PHP answered for fewer files than it was asked for");
        let (name, answer) = answer.split_once('\n').unwrap();
        assert_eq!(Path::new(name), path);
        let answer = answer.strip_suffix("#\n").unwrap_or(answer);
        let source = fs::read(path).unwrap();
        if let Some(difference) = php::difference(&source, php::options(php), answer) {
            differences.push(format!("{name} in PHP {php}: {difference}"));
        }
    }
    differences
}

fn run_native(list: &Path) -> String {
    let mut command = Command::new("php");
    command.args(["-d", "short_open_tag=1"]).arg(script("tokens.php")).arg(list);
    answer(&mut command).unwrap_or_else(|error| {
        panic!("PHP 8.2 gave no answer (apt-get install php-cli installs it): {error}")
    })
}

fn run_npm(version: &str, list: &Path) -> String {
    // Some builds read php.ini from the one, some from the other.
    let folder = list.parent().unwrap();
    fs::write(folder.join("php.ini"), "short_open_tag=1\n").unwrap();
    let ask = || {
        let mut command = Command::new("node");
        command.env("PHPRC", folder).env("PHP_INI_SCAN_DIR", folder);
        command.arg(script("php.mjs")).arg(version).arg(script("tokens.php")).arg(list);
        answer(&mut command)
    };
    // A temporary folder that goes away while an old build starts ends it.
    ask().or_else(|_| ask()).or_else(|_| ask()).unwrap_or_else(|error| {
        panic!("PHP {version} gave no answer (scripts/oracle/install installs it): {error}")
    })
}

fn script(name: &str) -> OsString {
    repository().join("scripts/oracle").join(name).into_os_string()
}

/// What PHP printed, if it came to the end: the status of some builds says
/// nothing.
fn answer(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let answer = String::from_utf8_lossy(&output.stdout).into_owned();
    if answer.ends_with("\n#\n") {
        return Ok(answer);
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}
