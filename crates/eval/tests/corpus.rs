//! Configuration and language files of Debian's packages: what we say they
//! return and set, against PHP 8.2 on this machine.
//!
//! The files are those of the packages that `scripts/corpus --all` fetches which
//! declare nothing at their top level. What we refuse PHP is not asked: such a
//! file may do anything. A plain run takes every tenth file;
//! `TILDE_CORPUS_ALL=1` takes all.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tilde_eval::{Arena, Array, Bytes, ErrorKind, Evaluator, Key, Target, Value, Version, export};
use tilde_syntax::ast::Statement;
use tilde_testing::files::{FETCHED, corpus, every, expect_none, is_set, php_files};
use tilde_testing::sources::Disk;

const PACKAGES: [&str; 4] = ["wordpress", "phpmyadmin", "dokuwiki", "mediawiki"];

/// So many files are one run of PHP.
const FILES_PER_RUN: usize = 50;

#[derive(Default)]
struct Report {
    files: usize,
    equal: usize,
    wrong: Vec<String>,
    refused: BTreeMap<String, usize>,
}

#[test]
fn configuration_files_are_what_php_says() {
    let is_all = is_set("TILDE_CORPUS_ALL");
    let mut wrong = Vec::new();
    for package in PACKAGES {
        // A plain run takes what a plain `scripts/corpus` fetches.
        if !is_all && !FETCHED.contains(&package) {
            continue;
        }
        let folder = corpus("packages").join(package);
        let files = every(if is_all { 1 } else { 10 }, php_files(&folder));
        let prelude = Prelude::of(&folder);
        let mut report = Report::default();
        for files in files.chunks(FILES_PER_RUN) {
            check(files, &prelude, &mut report);
        }
        let refused: usize = report.refused.values().sum();
        println!("{package}: {} files, {} equal, {refused} refused", report.files, report.equal);
        let mut reasons: Vec<_> = report.refused.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (reason, count) in reasons {
            println!("  {count:5} {reason}");
        }
        wrong.extend(report.wrong);
    }
    expect_none(&wrong);
}

/// What the program defines before it reads its files.
struct Prelude {
    source: Vec<u8>,
    constants: Vec<(Bytes, Value)>,
}

impl Prelude {
    /// The plain constants of `MediaWiki`, which its languages use. Others need
    /// files of another package.
    fn of(folder: &Path) -> Self {
        let file = folder.join("usr/share/mediawiki/includes/Defines.php");
        let source = fs::read_to_string(file).unwrap_or_default();
        let is_plain = |line: &&str| line.starts_with("define(") && !line.contains("::");
        let lines = source.lines().filter(is_plain).filter(|line| line.ends_with(';'));
        let source = format!("<?php\n{}\n", lines.collect::<Vec<_>>().join("\n")).into_bytes();
        let (arena, target) = (Arena::new(), Target::new(Version::V8_2));
        let mut evaluator = Evaluator::new(&arena, &Disk, &target);
        evaluator.run(Path::new("/prelude.php"), &source).unwrap();
        let constants = evaluator.constants();
        let constants = constants.map(|(name, value)| (name.clone(), value.clone())).collect();
        Self { source, constants }
    }
}

fn check(files: &[PathBuf], prelude: &Prelude, report: &mut Report) {
    let mut answered = Vec::new();
    for path in files {
        let source = fs::read(path).unwrap();
        if !is_configuration(&source) {
            continue;
        }
        report.files += 1;
        match evaluate(path, prelude) {
            Ok(text) => answered.push((path, text)),
            Err(kind) => *report.refused.entry(reason(&kind)).or_default() += 1,
        }
    }
    let paths: Vec<&Path> = answered.iter().map(|(path, _)| path.as_path()).collect();
    for ((path, ours), theirs) in answered.iter().zip(ask(&paths, prelude)) {
        // Files of a run may disturb each other.
        let is_equal = *ours == theirs || *ours == ask(&[path], prelude)[0];
        if is_equal {
            report.equal += 1;
        } else {
            let at = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
            let around = |text: &[u8]| {
                let piece = &text[at.saturating_sub(60).min(text.len())..(at + 60).min(text.len())];
                String::from_utf8_lossy(piece).into_owned()
            };
            report.wrong.push(format!(
                "{}\n  PHP: {:?}\n  we:  {:?}",
                path.display(),
                around(&theirs),
                around(ours)
            ));
        }
    }
}

/// Whether a file declares nothing, and is not only text.
fn is_configuration(source: &[u8]) -> bool {
    let arena = Arena::new();
    let options = Target::new(Version::V8_2).options;
    let Ok(tree) = tilde_syntax::parse(source, options, &arena) else {
        return false;
    };
    let statements = tree.program().statements;
    let declares = |statements: &[Statement<'_>]| {
        let is_declaration = |statement: &Statement<'_>| {
            matches!(statement, Statement::Function(_) | Statement::Class(_))
        };
        statements.iter().any(is_declaration)
    };
    let is_text = |statement: &Statement<'_>| {
        matches!(statement, Statement::InlineHtml(_) | Statement::Empty(_))
    };
    !statements.iter().all(is_text)
        && !declares(statements)
        && !statements.iter().any(
            |statement| matches!(statement, Statement::Namespace(node) if declares(node.statements)),
        )
}

fn evaluate(path: &Path, prelude: &Prelude) -> Result<Vec<u8>, ErrorKind> {
    let mut target = Target::new(Version::V8_2);
    target.sapi = Some("cli".to_owned());
    target.constants.clone_from(&prelude.constants);
    target.working_directory = Some(PathBuf::from("/"));
    let arena = Arena::new();
    let mut evaluator = Evaluator::new(&arena, &Disk, &target);
    let value = evaluator.include(path).map_err(|error| error.kind)?;
    let mut variables: Vec<(Bytes, Value)> = evaluator.variables().map_err(|error| error.kind)?;
    variables.sort_by(|(left, _), (right, _)| left.cmp(right));
    let variables = variables.into_iter().map(|(name, value)| (Key::String(name), value));
    let variables: Array = variables.collect();
    export::var_export(&Array::from_list(vec![value, variables.into()]).into(), &target)
}

/// Without what differs from file to file.
fn reason(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::Unknown(unknown) => {
            let text = format!("{unknown:?}");
            let kind = text.split('(').next().unwrap().to_lowercase();
            format!("an unknown {kind}")
        }
        other => other.to_string(),
    }
}

/// PHP's answers; empty ones where it throws or ends.
fn ask(paths: &[&Path], prelude: &Prelude) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list");
    let names: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    fs::write(&list, names.join("\n")).unwrap();
    let before = folder.path().join("prelude.php");
    fs::write(&before, &prelude.source).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/include.php");
    let mut answers: Vec<Vec<u8>> = Vec::new();
    while answers.len() < paths.len() {
        let first = answers.len().to_string();
        let output = Command::new("php")
            .args(["-d", "short_open_tag=0", "-d", "memory_limit=-1"])
            .arg(&script)
            .arg(&list)
            .arg(first)
            .arg(&before)
            .output()
            .expect("cannot run PHP 8.2: apt-get install php-cli installs it");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some((_, answer)) = line.split_once(' ') {
                answers.push(BASE64_STANDARD.decode(answer).unwrap_or_default());
            }
        }
        if output.stdout.ends_with(b"#\n") {
            break;
        }
        answers.push(Vec::new());
    }
    answers
}
