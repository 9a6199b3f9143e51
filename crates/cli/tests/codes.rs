//! Each code of a message has an explanation, and each explanation a code.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use walkdir::WalkDir;

/// What an explanation's last paragraph, the recipe, begins with.
const RECIPES: &[&str] = &[
    "Add",
    "Ask",
    "Assign",
    "Begin",
    "Build",
    "Check",
    "Choose",
    "Correct",
    "Debug",
    "Define",
    "End",
    "Give",
    "Keep",
    "Leave",
    "Let",
    "List",
    "Load",
    "Mend",
    "Name",
    "Nothing has to be done",
    "Put",
    "Read",
    "Remove",
    "Rename",
    "Report",
    "Save",
    "Say",
    "See that",
    "Take",
    "Turn",
    "Use",
    "Write",
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
    assert_eq!(given, tilde_bundle::codes().map(str::to_owned).collect::<BTreeSet<_>>());
}

#[test]
fn each_explanation_ends_with_a_recipe() {
    for code in tilde_bundle::codes() {
        let text = tilde_bundle::explain(code).unwrap();
        let (_, recipe) = text.rsplit_once("\n\n").unwrap_or(("", ""));
        let is_recipe = RECIPES.iter().any(|start| {
            recipe.strip_prefix(start).is_some_and(|rest| rest.starts_with([' ', '.']))
        });
        assert!(is_recipe, "{code} says nothing to do:\n{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 90), "{code}:\n{text}");
    }
}

/// What an explanation tells to type is there.
#[test]
fn explanations_name_options_and_commands_that_exist() {
    let help = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilde"));
        let output = command.args(words).arg("--help").output().unwrap();
        assert!(output.status.success(), "{words:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands: [&[&str]; 10] = [
        &[],
        &["build"],
        &["watch"],
        &["check"],
        &["diff"],
        &["strip"],
        &["where"],
        &["state"],
        &["phar", "create"],
        &["phar", "extract"],
    ];
    let known: String = commands.iter().map(|words| help(words)).collect();
    for code in tilde_bundle::codes() {
        let text = tilde_bundle::explain(code).unwrap();
        let is_option = |word: &&str| word.starts_with("--") && word.len() > 2;
        let is_end = |letter: char| !letter.is_ascii_lowercase() && letter != '-';
        for option in text.split(is_end).filter(is_option) {
            let is_known = known.contains(&format!("{option} "))
                || known.contains(&format!("{option}\n"))
                || matches!(option, "--help" | "--version");
            assert!(is_known, "{code} names {option}");
        }
    }
}

/// All `"T-…"` of a source.
fn codes(text: &str) -> impl Iterator<Item = String> {
    let literals = text.split('"').filter(|literal| literal.starts_with("T-"));
    let is_code =
        |literal: &&str| literal.bytes().all(|byte| byte == b'-' || byte.is_ascii_uppercase());
    literals.filter(is_code).map(str::to_owned)
}
