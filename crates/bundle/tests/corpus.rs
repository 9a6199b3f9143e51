//! Stripping against the PHPs on this machine, file by file.
//!
//! The sources are those that `scripts/corpus` fetches. A plain run takes a
//! slice of them; `TILDE_CORPUS_ALL=1` takes all in PHP 8.2, and
//! `TILDE_CORPUS_VERSIONS=1` every tenth program of the suite in all versions.

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]
// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

mod oracle;
mod rules;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use md5::{Digest as _, Md5};
use oracle::{Answer, NPM, Php, Question};
use rayon::prelude::*;
use tilde_bundle::{Docs, StripOptions, Style, strip};
use tilde_lexer::{Options, Version};
use tilde_testing::files::{self, every, expect_none, is_set, packages, suite};

/// So many files are one run of PHP; each is asked about in three forms.
const FILES_PER_RUN: usize = 300;

#[test]
fn the_suite_of_php_is_stripped_as_by_php_8_2() {
    let step = if is_set("TILDE_CORPUS_ALL") { 1 } else { 18 };
    expect_none(&compare(Php::Native, &every(step, suite())));
}

#[test]
fn packages_are_stripped_as_by_php_8_2() {
    expect_none(&compare(Php::Native, &packages("wordpress")));
}

#[test]
fn the_suite_of_php_is_stripped_as_by_every_version() {
    let step = if is_set("TILDE_CORPUS_VERSIONS") { 10 } else { 200 };
    let mut files = every(step, suite());
    files.extend(fixtures());
    let in_version = |version| compare(Php::Npm(version), &files);
    let differences: Vec<String> = NPM.into_par_iter().flat_map_iter(in_version).collect();
    expect_none(&differences);
}

/// By our own lexer, in all versions: each file in one of them, or with
/// `TILDE_CORPUS_ALL=1` in all.
#[test]
fn rules_hold_for_every_file() {
    let (step, step_of_packages) = if is_set("TILDE_CORPUS_ALL") { (1, 1) } else { (36, 3) };
    let mut files = every(step, suite());
    files.extend(every(step_of_packages, packages("wordpress")));
    let broken = |(index, path): (usize, &PathBuf)| {
        let source = fs::read(path).unwrap();
        let versions = match Version::ALL {
            all if is_set("TILDE_CORPUS_ALL") => all.to_vec(),
            all => vec![all[index % all.len()]],
        };
        let broken = versions
            .into_iter()
            .flat_map(spaced)
            .find_map(|options| rules::broken(&source, options))?;
        Some(format!("{}: {broken}", path.display()))
    };
    let found: Vec<String> = files.par_iter().enumerate().filter_map(broken).collect();
    expect_none(&found);
}

#[test]
fn tight_keeps_no_needless_gap() {
    let step = if is_set("TILDE_CORPUS_ALL") { 10 } else { 100 };
    let mut files = every(step, suite());
    files.extend(fixtures());
    let needless = |(index, path): (usize, &PathBuf)| {
        let source = fs::read(path).unwrap();
        let version = Version::ALL[index % Version::ALL.len()];
        let lexer = Options::new(version).with_short_tags(true);
        let options = StripOptions::new(lexer, Style::Tight, Docs::Drop);
        let needless = rules::needless(&source, options, 100)?;
        Some(format!("{}: {needless}", path.display()))
    };
    let found: Vec<String> = files.par_iter().enumerate().filter_map(needless).collect();
    expect_none(&found);
}

fn spaced(version: Version) -> impl Iterator<Item = StripOptions> {
    let lexer = Options::new(version).with_short_tags(true);
    [Style::Lines, Style::Tight].into_iter().flat_map(move |style| {
        [Docs::Keep, Docs::Drop].map(|docs| StripOptions::new(lexer, style, docs))
    })
}

/// How we differ from that PHP over the files.
fn compare(php: Php, files: &[PathBuf]) -> Vec<String> {
    assert!(!files.is_empty(), "no sources: run scripts/corpus");
    files.par_chunks(FILES_PER_RUN).flat_map_iter(|files| compare_run(php, files)).collect()
}

/// A file as it is and stripped in the two styles that keep its tokens.
struct Forms {
    path: PathBuf,
    source: Vec<u8>,
    lines: Vec<u8>,
    tight: Vec<u8>,
}

fn compare_run(php: Php, files: &[PathBuf]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let forms: Vec<Forms> = files.iter().map(|path| forms(path, php)).collect();
    let mut list = Vec::new();
    for (index, forms) in forms.iter().enumerate() {
        let is_parsed = php.survives() || php.parses() && index % 10 == 0;
        list.push(Question { path: forms.path.clone(), is_parsed });
        for (form, text) in [("lines", &forms.lines), ("tight", &forms.tight)] {
            let path = folder.path().join(format!("{index}-{form}.php"));
            fs::write(&path, text).unwrap();
            list.push(Question { path, is_parsed });
        }
    }
    let answers = oracle::ask(php, &list, folder.path());
    let differences = |(forms, answers): (&Forms, &[Answer])| {
        let found = differences(forms, answers, php.options());
        let path = forms.path.display().to_string();
        found.into_iter().map(move |difference| format!("{path} in {php:?}: {difference}"))
    };
    forms.iter().zip(answers.chunks(3)).flat_map(differences).collect()
}

fn forms(path: &Path, php: Php) -> Forms {
    let source = fs::read(path).unwrap();
    let stripped = |style, docs| strip(&source, &StripOptions::new(php.options(), style, docs));
    Forms {
        path: path.to_owned(),
        lines: stripped(Style::Lines, Docs::Keep),
        tight: stripped(Style::Tight, Docs::Drop),
        source,
    }
}

fn differences(forms: &Forms, answers: &[Answer], lexer: Options) -> Vec<String> {
    let [of_source, of_lines, of_tight] = answers else { panic!("three answers a file") };
    let mut found = Vec::new();
    let mut expect = |what: &str, left: &str, right: &str| {
        if left != right {
            found.push(format!("{what}: {left} and {right}"));
        }
    };
    for (form, text, answer) in [
        ("the source", &forms.source, of_source),
        ("lines", &forms.lines, of_lines),
        ("tight", &forms.tight, of_tight),
    ] {
        for (style, theirs) in [
            (Style::Php, &answer.php),
            (Style::ThinkPhp20, &answer.thinkphp_20),
            (Style::ThinkPhp22, &answer.thinkphp_22),
        ] {
            let ours = strip(text, &StripOptions::new(lexer, style, Docs::Drop));
            if !theirs.is_empty() {
                expect(&format!("style {style} of {form}"), &digest(&ours), theirs);
            }
        }
        expect(&format!("verdict on {form}"), &of_source.lint, &answer.lint);
        expect(&format!("tokens of {form}"), &of_source.without_docs, &answer.without_docs);
    }
    expect("doc comments of lines", &of_source.with_docs, &of_lines.with_docs);
    found
}

fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Md5::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

fn fixtures() -> Vec<PathBuf> {
    ["lexer", "strip", "bundle"].into_iter().flat_map(files::fixtures).collect()
}
