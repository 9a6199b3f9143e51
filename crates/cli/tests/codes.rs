//! Each code of a message has an explanation, and each explanation a code.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// Codes of the command line and its configuration, left out on purpose: their
/// messages say all there is to say, and name the argument or the line.
const WITHOUT: &[&str] = &[
    "T-COMPOSER",
    "T-CONFIG",
    "T-LOOP",
    "T-MODULE",
    "T-NOMATCH",
    "T-OUTPUT",
    "T-OUTSIDE",
    "T-PATTERN",
    "T-PHAR",
    "T-USAGE",
    "T-WATCH",
    "T-WRITE",
];

/// What `explain.rs` tests a missing code with.
const NONE: &str = "T-OTHER";

#[test]
fn each_code_is_explained() {
    let mut given = BTreeSet::new();
    for entry in WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")) {
        let path = entry.unwrap().into_path();
        let is_source = path.components().any(|part| part.as_os_str() == "src");
        let is_explanation = path.ends_with("bundle/src/explain.rs");
        if is_source && !is_explanation && path.extension().is_some_and(|end| end == "rs") {
            given.extend(codes(&fs::read_to_string(path).unwrap()));
        }
    }
    given.remove(NONE);
    let explained = tilde_bundle::codes().chain(WITHOUT.iter().copied()).map(str::to_owned);
    assert_eq!(given, explained.collect::<BTreeSet<_>>());
}

#[test]
fn no_code_is_left_out_and_explained() {
    assert!(WITHOUT.iter().all(|code| tilde_bundle::explain(code).is_none()));
}

/// All `"T-…"` of a source.
fn codes(text: &str) -> impl Iterator<Item = String> {
    let literals = text.split('"').filter(|literal| literal.starts_with("T-"));
    let is_code =
        |literal: &&str| literal.bytes().all(|byte| byte == b'-' || byte.is_ascii_uppercase());
    literals.filter(is_code).map(str::to_owned)
}
