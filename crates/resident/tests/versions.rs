//! The class that puts state back under the PHPs that it says it is for: the application of
//! `testdata/resident/versions` has state that each of them has come with.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilde_resident::{Framework, Resetter, link, resetter, scan};
use tilde_syntax::Options;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of the application, in a fixed order, that PHP reads from this version on.
fn files() -> Vec<(String, PathBuf)> {
    let folder = repository().join("testdata/resident/versions");
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        name.strip_prefix("since-").map(|version| (version.to_owned(), path.clone()))
    };
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().filter_map(file).collect();
    files.sort();
    files
}

/// Made of all files: an application for several PHPs has classes that the old ones never load.
fn made() -> Resetter {
    let scan = |(_, path): &(String, PathBuf)| {
        let source = fs::read(path).unwrap();
        scan(&source, Options::default())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let facts = link(&files().iter().map(scan).collect::<Vec<_>>());
    resetter(&facts, "Resetter", Framework::Plain)
}

/// What the application prints under a PHP: the one of this machine, or an npm build.
fn run(version: Option<&str>, code: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Resetter.php");
    fs::write(&path, code).unwrap();
    let mut command = match version {
        None => Command::new("php"),
        Some(version) => {
            let mut command = Command::new("node");
            command.arg(repository().join("scripts/oracle/php.mjs")).arg(version);
            command
        }
    };
    let script = repository().join("testdata/resident/versions/main.php");
    let output = command.arg(fs::canonicalize(script).unwrap()).arg(&path).output();
    let output = output.expect("PHP and Node.js are needed for the tests: scripts/install-tools");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What stays changed under a PHP, and nothing else may.
const LEFT: [(&str, &str); 4] = [
    ("7.2", "Since72\\variable()::$last"),
    ("7.4", "Since74\\Typed::$empty"),
    ("7.4", "Since74\\Typed::$emptyList"),
    ("8.0", "Since80\\Typed::$strict"),
];

#[test]
fn values_are_put_back_under_each_php() {
    let resetter = made();
    for (_, left) in LEFT {
        let is_told = resetter.left.iter().any(|it| it.starts_with(&format!("{left}: ")));
        assert!(is_told, "{left} {:?}", resetter.left);
    }
    let npm = ["7.2", "7.4", "8.0", "8.1", "8.3", "8.4", "8.5"];
    for version in npm.into_iter().map(Some).chain([None]) {
        let printed = run(version, &resetter.code);
        let mut lines: BTreeSet<&str> = printed.lines().collect();
        assert!(lines.remove("done"), "{version:?}: {printed}");
        // All of these versions are of one digit, a point and one digit.
        let there = LEFT.iter().filter(|(since, _)| *since <= version.unwrap_or("8.2"));
        let expected: BTreeSet<String> = there
            .flat_map(|(_, left)| (1..=3).map(move |round| format!("{round} left {left}")))
            .collect();
        assert_eq!(lines, expected.iter().map(String::as_str).collect(), "{version:?}");
    }
}
