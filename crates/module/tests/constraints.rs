//! Versions and constraints against Composer's own answers, which
//! `scripts/record-constraints` records.

use tilde_module::{Constraint, Version};

const VERSIONS: &str = include_str!("../../../testdata/module/versions.txt");
const CONSTRAINTS: &str = include_str!("../../../testdata/module/constraints.txt");

fn lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('\n').filter_map(|line| line.split_once('\t'))
}

#[test]
fn versions_have_the_normal_form_of_composer() {
    for (version, normal) in lines(VERSIONS) {
        let ours = Version::parse(version);
        let ours = ours.as_ref().map_or("", Version::as_str);
        assert_eq!(ours, normal, "{version:?}");
    }
}

#[test]
fn constraints_take_what_composer_takes() {
    let versions: Vec<&str> = lines(VERSIONS)
        .filter(|(_, normal)| !normal.is_empty())
        .map(|(version, _)| version)
        .collect();
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for (text, answers) in lines(CONSTRAINTS) {
        let constraint = Constraint::parse(text);
        if answers == "E" || constraint.is_err() {
            pairs += 1;
            if constraint.is_err() != (answers == "E") {
                wrong.push(format!("{text:?}: {constraint:?}"));
            }
            continue;
        }
        let constraint = constraint.expect("it is not refused");
        for (version, answer) in versions.iter().zip(answers.chars()) {
            pairs += 1;
            let matches = constraint.matches(&Version::parse(version).expect("it has a form"));
            if matches != (answer == '1') {
                wrong.push(format!("{text:?} and {version:?}: {matches}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pairs > 500, "{pairs}");
}
