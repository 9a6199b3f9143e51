//! What PHP's compiler refuses: the table of `testdata/compiler`, and the sources that
//! `scripts/corpus` fetches, with PHP as the judge.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilde_syntax::{Arena, Options, Refused, SyntaxError, Version, parse, refused};

use tilde_testing::files::{self, every, expect_none, repository, suite};

/// What we say; an error if it is not even parsed.
fn ours(source: &[u8], version: Version) -> Result<Option<Refused>, SyntaxError> {
    let arena = Arena::new();
    let tree = parse(source, Options::new(version), &arena)?;
    Ok(refused(&tree, version))
}

/// Whether PHP 8.2 refuses a file, and what it says; none if that is a parse error.
fn theirs(path: &Path) -> Option<(bool, String)> {
    let mut php = Command::new("php");
    let run = php.args(["-n", "-d", "display_errors=1", "-l"]).arg(path).output();
    let run = run.expect("php is missing: apt-get install php-cli");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    (!said.contains("Parse error: ")).then(|| (said.contains("Fatal error: "), said))
}

fn cases(name: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join("testdata/compiler").join(name)).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn programs_are_refused_as_php_8_2_refuses_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.php");
    let mut wrong = Vec::new();
    let (mut refusals, mut doubts) = (0, 0);
    for case in cases("php_8_2.txt") {
        let source = format!("<?php {case}");
        fs::write(&path, &source).unwrap();
        let Some((their, said)) = theirs(&path) else { continue };
        let our = ours(source.as_bytes(), Version::V8_2);
        // What the parser refuses is refused.
        let Ok(our) = our else { continue };
        refusals += usize::from(their);
        match our {
            Some(it) if !it.is_certain => doubts += 1,
            our if our.is_some() == their => {}
            our => wrong.push(format!("{case}\n  we: {our:?}\n  PHP: {}", said.trim())),
        }
    }
    expect_none(&wrong);
    assert!(refusals > 200 && doubts < 8, "{refusals} {doubts}");
}

#[test]
fn the_suite_of_php_is_refused_as_php_8_2_refuses_it() {
    let mut wrong = Vec::new();
    for path in every(30, suite()) {
        // What PHP takes and declares again, or needs another file for, is not looked at.
        let source = fs::read(&path).unwrap();
        let Ok(our) = ours(&source, Version::V8_2) else { continue };
        let Some((their, said)) = theirs(&path) else { continue };
        let is_linked = ["Cannot redeclare", "not found", "must be compatible", "already in use"];
        let is_linked = is_linked.iter().any(|it| said.contains(it));
        if our.as_ref().is_some_and(|it| it.is_certain) && !their
            || our.is_none() && their && !is_linked
        {
            wrong.push(format!("{}\n  we: {our:?}\n  PHP: {}", path.display(), said.trim()));
        }
    }
    expect_none(&wrong);
}

/// No alarm is false: what is refused of packages, PHP refuses. `TILDE_CORPUS_ALL=1` takes all.
#[test]
fn packages_are_refused_as_php_8_2_refuses_them() {
    let mut wrong = Vec::new();
    for path in files::packages("wordpress") {
        let source = fs::read(&path).unwrap();
        let Ok(Some(our)) = ours(&source, Version::V8_2) else { continue };
        if !our.is_certain || theirs(&path).is_none_or(|(their, _)| !their) {
            wrong.push(format!("{}\n  we: {our:?}", path.display()));
        }
    }
    expect_none(&wrong);
}

/// `< 8.3` is what PHP 8.2 refuses and 8.3 takes, `>= 8.3` the other way around.
#[test]
fn each_version_refuses_its_own() {
    for case in cases("versions.txt") {
        let (condition, code) = case.split_once(" | ").unwrap();
        let (sign, version) = condition.split_once(' ').unwrap();
        let first: Version = version.parse().unwrap();
        let at = Version::ALL.iter().position(|it| *it == first).unwrap();
        let before = Version::ALL[at - 1];
        let source = format!("<?php {code}");
        for (version, is_refused) in [(before, sign == "<"), (first, sign == ">=")] {
            let our = ours(source.as_bytes(), version).unwrap();
            let is_doubt = our.as_ref().is_some_and(|it| !it.is_certain);
            assert!(our.is_some() == is_refused || is_doubt, "{code} in {version}: {our:?}");
            assert_eq!(is_refused_by(version, &source), is_refused, "{code} in {version}");
        }
        // Of a range, one is enough.
        let arena = Arena::new();
        let tree = parse(source.as_bytes(), Options::new(first), &arena).unwrap();
        assert!(refused(&tree, before).is_some(), "{code}");
    }
}

/// Whether that PHP says anything at all of a program that does nothing.
fn is_refused_by(version: Version, source: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.php");
    fs::write(&path, source).unwrap();
    if version == Version::V8_2 {
        return theirs(&path).unwrap().0;
    }
    let oracle = std::env::var_os("TILDE_ORACLE").map(PathBuf::from);
    let oracle = oracle.unwrap_or_else(|| repository().join(".oracle"));
    let mut node = Command::new("node");
    let run = node
        .arg(repository().join("scripts/oracle/php.mjs"))
        .args([version.as_str(), "-d", "display_errors=1", "-d", "html_errors=0"])
        .arg(&path)
        .env("TILDE_ORACLE", oracle)
        .output();
    let run = run.expect("node is missing");
    String::from_utf8_lossy(&run.stdout).contains("Fatal error")
}
