//! Every fixture of `testdata/lexer` against what PHP said of it.
//!
//! To add a case, add a file there and run `scripts/record-tokens` with its
//! name: nobody types tokens by hand.

#![allow(clippy::unwrap_used)]

mod php;

use std::fs;
use std::path::Path;

use tilde_testing::files::fixtures;
use tilde_testing::tokens as standing;

/// The PHPs that each record must hold.
const PHPS: usize = 22;

#[test]
fn fixtures_have_the_tokens_of_every_php() {
    let differences: Vec<String> =
        fixtures("lexer").iter().flat_map(|path| compare(path)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn fixtures_pass_the_standing_checks() {
    for path in fixtures("lexer") {
        let source = fs::read(&path).unwrap();
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }
}

fn compare(path: &Path) -> Vec<String> {
    let source = fs::read(path).unwrap();
    let Ok(record) = fs::read_to_string(path.with_extension("tokens")) else {
        return vec![format!("{}: no record: run scripts/record-tokens", path.display())];
    };
    let answers: Vec<(&str, &str)> = answers(&record).collect();
    assert_eq!(answers.len(), PHPS, "{}: run scripts/record-tokens", path.display());
    let differs = |(php, answer)| {
        let difference = php::difference(&source, php::options(php), answer)?;
        Some(format!("{} in {php}: {difference}", path.file_name().unwrap().display()))
    };
    answers.into_iter().filter_map(differs).collect()
}

/// Each PHP of a record with its answer.
fn answers(record: &str) -> impl Iterator<Item = (&str, &str)> {
    record.split("--- ").skip(1).flat_map(|group| {
        let (phps, answer) = group.split_once('\n').unwrap();
        phps.split(' ').map(move |php| (php, answer))
    })
}
