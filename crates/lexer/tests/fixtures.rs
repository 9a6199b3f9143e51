//! Every fixture of `testdata/lexer` against what PHP said of it.
//!
//! To add a case, add a file there and run `scripts/record-tokens` with its
//! name: nobody types tokens by hand.

#![allow(clippy::unwrap_used)]

mod php;
mod standing;

use std::fs;
use std::path::{Path, PathBuf};

/// The PHPs that each record must hold.
const PHPS: usize = 22;

/// Where we are wrong as yet. A fixture that comes right fails the test until
/// it leaves this list.
const WRONG: [&str; 7] = [
    // PHP 5.2: the last backslash, the second end of one label, and HTML cut
    // between CR and LF.
    "heredoc_backslash_at_end.php",
    "heredoc_nested_same_label.php",
    "html_crlf_at_400.php",
    // Up to PHP 7.0, without short tags, a `<?` that opens nothing cuts HTML.
    "nul_in_html.php",
    "tag_open_at_end.php",
    "tag_open_without_blank.php",
    // Up to PHP 5.6 the line break after `</script>` is not counted.
    "tag_script_end_in_comment.php",
];

#[test]
fn fixtures_have_the_tokens_of_every_php() {
    let (mut differences, mut right) = (Vec::new(), Vec::new());
    for path in fixtures() {
        let found = compare(&path);
        match (found.is_empty(), WRONG.iter().find(|name| path.ends_with(name))) {
            (true, Some(name)) => right.push(*name),
            (false, None) => differences.extend(found),
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(right.is_empty(), "no longer wrong, so take off the list: {right:?}");
}

#[test]
fn fixtures_pass_the_standing_checks() {
    for path in fixtures() {
        let source = fs::read(&path).unwrap();
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/lexer");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "php"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
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
