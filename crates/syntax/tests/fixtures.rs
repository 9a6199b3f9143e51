//! Every fixture of `testdata/syntax` against what PHP said of it.
//!
//! To add a case, add a file there and run `scripts/record-verdicts`: nobody
//! types verdicts.

#![allow(clippy::unwrap_used)]

mod php;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use php::Verdict;
use tilde_testing::{npm, trees};

/// Where we are wrong as yet, and in which PHP. A fixture that comes right fails
/// the test until it leaves this list.
const WRONG: &[(&str, &str)] = &[];

#[test]
fn fixtures_have_the_verdict_of_every_php() {
    let record = fs::read_to_string(folder().join("verdicts.tsv")).unwrap();
    let (mut differences, mut right) = (Vec::new(), Vec::new());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (fixture, php, verdict) in record.lines().flat_map(verdicts) {
        *counts.entry(fixture).or_default() += 1;
        let source = fs::read(folder().join(fixture)).unwrap();
        let difference = php::difference(&source, php::options(php), verdict);
        match (difference, WRONG.contains(&(fixture, php))) {
            (None, true) => right.push((fixture, php)),
            (Some(difference), false) => {
                differences.push(format!("{fixture} in PHP {php}: {difference}"));
            }
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(right.is_empty(), "no longer wrong, so take off the list: {right:?}");
    let recorded: BTreeSet<&str> = counts.keys().copied().collect();
    let names = names();
    let existing: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(existing, recorded, "run scripts/record-verdicts");
    assert!(
        counts.values().all(|&count| count == npm::VERSIONS.len()),
        "run scripts/record-verdicts"
    );
}

#[test]
fn fixtures_pass_the_standing_checks() {
    for name in names() {
        let source = fs::read(folder().join(name)).unwrap();
        for options in trees::all_options() {
            trees::check(&source, options);
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/syntax")
}

fn names() -> Vec<String> {
    fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "php"))
        .collect()
}

/// The fixture of a line of the record, with the verdict of each PHP.
fn verdicts(line: &str) -> impl Iterator<Item = (&str, &str, Verdict)> {
    let mut columns = line.splitn(3, '\t');
    let (fixture, phps) = (columns.next().unwrap(), columns.next().unwrap());
    let verdict = Verdict::of(columns.next().unwrap());
    phps.split(' ').map(move |php| (fixture, php, verdict))
}
