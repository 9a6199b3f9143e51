//! Our values against those that PHPs recorded, snippet by snippet.
//!
//! `testdata/eval/README.md` says how to read the answers; `scripts/record-eval`
//! renews them.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use tilde_eval::export::Defines;
use tilde_eval::{Arena, Bytes, Evaluator, IntSize, Key, Target, Value, Version, export};
use tilde_testing::sources::Memory;

const PHPS: [&str; 13] =
    ["5.2", "5.6", "7.0", "7.1", "7.2", "7.3", "7.4", "8.0", "8.1", "8.2", "8.3", "8.4", "8.5"];

/// Those that all snippets are recorded with.
const MAIN: [&str; 3] = ["5.6", "7.4", "8.2"];

/// Those with integers of 32 bits.
const NARROW: [&str; 5] = ["5.2", "5.6", "7.0", "7.1", "7.3"];

#[derive(Default)]
struct Tally {
    equal: usize,
    refused: usize,
}

#[test]
fn snippets_are_what_php_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/eval");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "php"))
        .collect();
    files.sort();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut failures = Vec::new();
    for file in files {
        check_file(&file, &mut tallies, &mut failures);
    }
    for (php, Tally { equal, refused }) in &tallies {
        println!("PHP {php}: {equal} equal, {refused} refused");
    }
    let first = failures.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(failures.is_empty(), "{} differences:\n{first}", failures.len());
}

#[test]
fn defines_are_what_php_writes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/eval/defines.php");
    let source = fs::read(&file).unwrap();
    let constants = snippets(&source)[0];
    let answers = answers(&fs::read_to_string(file.with_extension("answers")).unwrap(), &PHPS);
    let generations = [Defines::V2_0, Defines::V2_1, Defines::V2_2, Defines::V3_0];
    for php in PHPS {
        let target = target(php);
        let constants: Vec<(Bytes, Value)> =
            run(constants, &target).unwrap().as_array().unwrap().values().map(pair).collect();
        for (index, defines) in generations.into_iter().enumerate() {
            let constants = constants.iter().map(|(name, value)| (&**name, value));
            let text = export::array_define(constants, defines, &target).unwrap();
            let text = export::var_export(&text.into(), &target).unwrap();
            assert_eq!(escape(&text), answers[&(index + 2, php)], "{defines:?} in PHP {php}");
        }
    }
}

fn pair(constant: &Value) -> (Bytes, Value) {
    let constant = constant.as_array().unwrap();
    let name = constant.get(&Key::Int(0)).unwrap().as_bytes().unwrap();
    (name.into(), constant.get(&Key::Int(1)).unwrap().clone())
}

fn check_file(
    file: &Path,
    tallies: &mut BTreeMap<&'static str, Tally>,
    failures: &mut Vec<String>,
) {
    let may_refuse = file.ends_with("refused.php");
    let name = file.file_name().unwrap().to_str().unwrap();
    let source = fs::read(file).unwrap();
    let phps = phps(name);
    let answers = answers(&fs::read_to_string(file.with_extension("answers")).unwrap(), phps);
    for (index, snippet) in snippets(&source).into_iter().enumerate() {
        for php in phps.iter().copied() {
            let expected = &answers[&(index + 1, php)];
            let tally = tallies.entry(php).or_default();
            let (actual, is_refused) = match evaluate(snippet, php) {
                Ok(text) => (text, false),
                Err(message) => (message, true),
            };
            if is_refused && expected == "!" || actual == *expected {
                tally.equal += 1;
            } else if is_refused && may_refuse {
                tally.refused += 1;
            } else {
                let snippet = String::from_utf8_lossy(snippet);
                let number = index + 1;
                failures.push(format!(
                    "{name} {number}, PHP {php}: {snippet}\n  PHP: {expected}\n  we:  {actual}"
                ));
            }
        }
    }
}

fn phps(file: &str) -> &'static [&'static str] {
    if matches!(file, "export.php" | "defines.php") { &PHPS } else { &MAIN }
}

fn target(php: &str) -> Target {
    let target = Target::new(php.parse::<Version>().unwrap());
    if NARROW.contains(&php) { target.with_int_size(IntSize::Four) } else { target }
}

fn run(snippet: &[u8], target: &Target) -> Result<Value, String> {
    let (arena, nothing) = (Arena::new(), Memory::default());
    let mut evaluator = Evaluator::new(&arena, &nothing, target);
    let source = [b"<?php ", snippet].concat();
    let value = evaluator.run_function(Path::new("/snippet.php"), &source);
    value.map_err(|error| error.to_string())
}

fn evaluate(snippet: &[u8], php: &str) -> Result<String, String> {
    let target = target(php);
    let value = run(snippet, &target)?;
    let text = export::var_export(&value, &target).map_err(|error| error.to_string())?;
    Ok(escape(&text))
}

fn escape(text: &[u8]) -> String {
    let mut escaped = String::new();
    for byte in text {
        match byte {
            b'\n' => escaped.push_str("\\n"),
            b'\\' => escaped.push_str("\\\\"),
            b' '..=b'~' => escaped.push(char::from(*byte)),
            _ => write!(escaped, "\\x{byte:02x}").unwrap(),
        }
    }
    escaped
}

/// The snippets of a file: its lines, or what stands between lines of dashes.
fn snippets(source: &[u8]) -> Vec<&[u8]> {
    let text = source.strip_prefix(b"<?php\n").unwrap();
    let separator = b"// ---\n";
    let is_separator =
        |at: usize| text[at..].starts_with(separator) && (at == 0 || text[at - 1] == b'\n');
    let separators: Vec<usize> = (0..text.len()).filter(|at| is_separator(*at)).collect();
    if separators.is_empty() {
        let lines = text.split(|byte| *byte == b'\n');
        return lines.filter(|line| !line.is_empty() && !line.starts_with(b"//")).collect();
    }
    let starts = std::iter::once(0).chain(separators.iter().map(|at| at + separator.len()));
    let ends = separators.iter().copied().chain([text.len()]);
    let parts = starts.zip(ends).map(|(start, end)| &text[start..end]);
    parts.filter(|part| !part.is_empty()).collect()
}

fn answers(text: &str, all: &[&'static str]) -> BTreeMap<(usize, &'static str), String> {
    let mut answers = BTreeMap::new();
    for line in text.lines() {
        let [number, phps, answer] = line.splitn(3, '\t').collect::<Vec<_>>().try_into().unwrap();
        for php in all.iter().copied() {
            if phps.is_empty() || phps.split(' ').any(|other| other == php) {
                answers.insert((number.parse().unwrap(), php), answer.to_owned());
            }
        }
    }
    answers
}
