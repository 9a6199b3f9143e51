//! What no other parser can judge: trees of syntax that nikic's parser does not
//! know, and what we say of mistakes. Each snapshot was read before it was
//! accepted.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::fs;

use tilde_syntax::{Arena, CauseKind, Options, Version, parse};
use tilde_testing::dump::dump;
use tilde_testing::files::fixtures;

/// Syntax that is newer than PHP 8.2, or means another thing since.
#[test]
fn trees_of_new_syntax() {
    insta::assert_snapshot!(trees_that_differ(Version::LATEST, Version::V8_2));
}

/// Syntax that PHP 7.0 lost, or reads in another way.
#[test]
fn trees_of_old_syntax() {
    insta::assert_snapshot!(trees_that_differ(Version::V5_6, Version::V7_0));
}

/// The first mistake of each fixture that the newest PHP refuses.
#[test]
fn messages() {
    let mut messages = String::new();
    for path in fixtures("syntax") {
        let source = fs::read(&path).unwrap();
        let arena = Arena::new();
        let Err(error) = parse(&source, Options::new(Version::LATEST), &arena) else { continue };
        let name = path.file_name().unwrap().display();
        write!(messages, "{name}:{}: {error}", error.line).unwrap();
        let text = String::from_utf8_lossy(error.span.of(&source)).into_owned();
        write!(messages, " {text:?}").unwrap();
        if let Some(cause) = error.cause {
            write!(messages, "\n    {}: {cause}", cause.line).unwrap();
        }
        messages.push('\n');
    }
    insta::assert_snapshot!(messages);
}

/// Which PHP a fixture needs that PHP 5.6 refuses.
#[test]
fn needed_versions() {
    let mut needs = String::new();
    for path in fixtures("syntax") {
        let source = fs::read(&path).unwrap();
        let arena = Arena::new();
        let Err(error) = parse(&source, Options::new(Version::V5_6), &arena) else { continue };
        let Some(cause) = error.cause else { continue };
        if let CauseKind::NeedsVersion(_) = cause.kind {
            let name = path.file_name().unwrap().display();
            let text = String::from_utf8_lossy(cause.span.of(&source)).into_owned();
            writeln!(needs, "{name}:{}: {text:?}: {cause}", cause.line).unwrap();
        }
    }
    insta::assert_snapshot!(needs);
}

/// The trees under one version of the fixtures that have another one, or none,
/// under the other.
fn trees_that_differ(version: Version, other: Version) -> String {
    let mut trees = String::new();
    for path in fixtures("syntax") {
        let source = fs::read(&path).unwrap();
        if let Some(tree) = tree(&source, version)
            && self::tree(&source, other).as_ref() != Some(&tree)
        {
            let name = path.file_name().unwrap().display();
            let text = String::from_utf8_lossy(&source);
            write!(trees, "==== {name}\n{}\n----\n{tree}", text.trim_end()).unwrap();
        }
    }
    trees
}

fn tree(source: &[u8], version: Version) -> Option<String> {
    let arena = Arena::new();
    let tree = parse(source, Options::new(version), &arena).ok()?;
    Some(dump(&tree))
}
