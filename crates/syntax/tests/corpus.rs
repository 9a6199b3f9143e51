//! Our verdicts and trees against those of the PHPs on this machine, and of
//! nikic's parser, file by file.
//!
//! The sources are those that `scripts/corpus` fetches. A plain run takes a
//! slice of them; `TILDE_CORPUS_ALL=1` takes all in PHP 8.2, and
//! `TILDE_CORPUS_VERSIONS=1` every tenth program in all versions.

#![allow(clippy::unwrap_used)]

mod php;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilde_syntax::{Arena, Options, Version, parse};

use php::Verdict;
use tilde_testing::dump::dump;
use tilde_testing::files::{self, corpus, every, expect_none, is_set, repository, suite};
use tilde_testing::{npm, trees};

#[test]
fn the_suite_of_php_has_the_verdicts_of_php_8_2() {
    let files = every(if is_set("TILDE_CORPUS_ALL") { 1 } else { 18 }, suite());
    expect_none(&compare_verdicts("8.2", &files, &native_verdicts(&files)));
}

#[test]
fn packages_have_the_verdicts_of_php_8_2() {
    let files = packages();
    expect_none(&compare_verdicts("8.2", &files, &native_verdicts(&files)));
}

#[test]
fn all_versions_have_their_verdicts() {
    let step = if is_set("TILDE_CORPUS_VERSIONS") { 10 } else { 200 };
    let mut files = every(step, suite());
    files.extend(every(step, packages()));
    let in_version = |version| compare_verdicts(version, &files, &npm_verdicts(version, &files));
    let differences: Vec<String> = npm::VERSIONS.into_iter().flat_map(in_version).collect();
    expect_none(&differences);
}

#[test]
fn trees_print_their_sources() {
    let step = if is_set("TILDE_CORPUS_ALL") { 1 } else { 18 };
    for path in every(step, suite()).into_iter().chain(packages()) {
        let source = fs::read(&path).unwrap();
        trees::check(&source, Options::new(Version::V8_2));
    }
}

#[test]
fn trees_of_packages_are_those_of_nikic() {
    let files = packages();
    let parser = corpus("packages").join("php-parser/usr/share/php/PhpParser");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nikic/dump.php");
    let mut differences = Vec::new();
    for files in files.chunks(500) {
        let mut command = Command::new("php");
        let answer = run(command.arg(&script).arg(&parser), files);
        let mut theirs = answer.split("# /").skip(1);
        for path in files {
            let their = theirs.next().expect("PHP-Parser dumped fewer files than it was asked for");
            let (name, their) = their.split_once('\n').unwrap();
            assert_eq!(Path::new("/").join(name), *path);
            differences.extend(difference(path, their));
        }
    }
    expect_none(&differences);
}

/// The first line where our dump of a file is another.
fn difference(path: &Path, their: &str) -> Option<String> {
    let source = fs::read(path).unwrap();
    let arena = Arena::new();
    let our = match parse(&source, Options::new(Version::V8_2), &arena) {
        Ok(tree) => dump(&tree),
        Err(error) => format!("error {} {error}\n", error.line),
    };
    if our == their {
        return None;
    }
    let mut pairs = their.lines().zip(our.lines());
    let pair = pairs.find(|(their, our)| their != our);
    Some(format!("{}: {pair:?}", path.display()))
}

fn compare_verdicts(version: &str, files: &[PathBuf], answer: &str) -> Vec<String> {
    let mut lines = answer.lines();
    let mut differences = Vec::new();
    for path in files {
        let line = lines.next().expect("PHP answered for fewer files than it was asked for");
        let (name, verdict) = line.split_once('\t').unwrap();
        assert_eq!(Path::new(name), path);
        let source = fs::read(path).unwrap();
        let verdict = Verdict::of(verdict);
        if let Some(difference) = php::difference(&source, php::options(version), verdict) {
            differences.push(format!("{name} in PHP {version}: {difference}"));
        }
    }
    differences
}

fn native_verdicts(files: &[PathBuf]) -> String {
    let mut command = Command::new("php");
    command.args(["-d", "short_open_tag=0", "-d", "memory_limit=-1"]);
    run(command.arg(repository().join("scripts/oracle/verdicts.php")), files)
}

fn npm_verdicts(version: &str, files: &[PathBuf]) -> String {
    let mut command = Command::new("node");
    run(command.arg(repository().join("scripts/oracle/verdicts.mjs")).arg(version), files)
}

/// What a command prints of a list of files.
fn run(command: &mut Command, files: &[PathBuf]) -> String {
    assert!(!files.is_empty(), "no sources: run scripts/corpus");
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    let names: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    fs::write(&list, names.join("\n") + "\n").unwrap();
    let output = command.arg(&list).output().unwrap_or_else(|error| {
        panic!("{command:?} does not run ({error}); scripts/install-tools installs what it needs")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Those of PHP-Parser itself in a plain run.
fn packages() -> Vec<PathBuf> {
    files::packages("php-parser")
}
