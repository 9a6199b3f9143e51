//! Mutants of the sources in testdata, several to a bundle, under all styles and
//! versions: whatever they hold, a bundle is proved or refused.
//!
//! A bounded slice runs by default; `mutation` says how to make more.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tilde_bundle::{
    Build, ByteOrderMarks, Docs, Paths, Recipe, RuntimeBlocks, Scope, Severity, State, Style, build,
};
use tilde_lexer::{Options, Version};
use tilde_testing::mutation::{self, Rng, mutate};
use tilde_testing::sources::Memory;
use walkdir::WalkDir;

const MUTANTS: u64 = 6_000;
/// Where the members are.
const ROOT: &str = "/srv/app";
/// Longer sources take long, and have what shorter ones have.
const MAX_LEN: usize = 8 * 1024;

/// A file of testdata, by the name that other files know it by.
struct Original {
    name: PathBuf,
    text: Vec<u8>,
}

/// The members of each case, and all files as a case of their own.
fn originals() -> Vec<Vec<Original>> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut originals: Vec<Vec<Original>> = files(&testdata).map(|file| vec![file]).collect();
    for cases in ["bundle", "semantics"] {
        let folders = WalkDir::new(testdata.join(cases)).min_depth(1).max_depth(1);
        let folders = folders.sort_by_file_name().into_iter().map(Result::unwrap);
        originals.extend(folders.map(|folder| files(folder.path()).collect()));
    }
    originals.retain(|case| !case.is_empty());
    originals
}

/// The PHP files at any depth.
fn files(folder: &Path) -> impl Iterator<Item = Original> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let paths = entries.map(walkdir::DirEntry::into_path);
    let files = paths.filter(|path| path.extension().is_some_and(|it| it == "php")).map(|path| {
        let text = fs::read(&path).unwrap();
        Original { name: path.file_name().unwrap().into(), text }
    });
    files.filter(|file| file.text.len() < MAX_LEN)
}

/// The members of a bundle, in their order.
type Members = Vec<(PathBuf, Vec<u8>)>;

/// The members of a case, with some of others among them, and all of them changed
/// or not.
fn members(originals: &[Vec<Original>], random: &mut Rng) -> Members {
    let mut members = Members::new();
    let case = random.pick(originals).iter().map(|file| (file.name.clone(), file.text.clone()));
    members.extend(case);
    for index in 0..random.below(3) {
        let case = random.pick(originals);
        let text = random.pick(case).text.clone();
        members.push((format!("x{index}.php").into(), text));
    }
    for _ in 0..random.below(4) {
        let index = random.below(members.len());
        mutate(&mut members[index].1, random);
    }
    members.into_iter().map(|(name, text)| (Path::new(ROOT).join(name), text)).collect()
}

fn recipe(paths: Vec<PathBuf>, random: &mut Rng) -> Recipe {
    let (newest, oldest) = (random.below(Version::ALL.len()), random.below(Version::ALL.len()));
    let mut is = |chance: usize| random.below(chance) == 0;
    let (on_demand, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|_| is(4));
    let composer = files.iter().filter(|_| is(8)).map(|path| (path.clone(), "0123".repeat(8)));
    let composer_files = composer.collect();
    let lexer = Options::new(Version::ALL[newest]).with_short_tags(is(2));
    Recipe {
        name: "mutant".to_owned(),
        composer_files,
        files,
        on_demand,
        has_companions: is(2),
        has_map: is(3),
        paths: if is(4) { Paths::Absolute } else { Paths::Relative },
        scope: if is(3) { Scope::Own } else { Scope::Shared },
        output: (!is(8)).then(|| Path::new(ROOT).join("out.php")),
        docs: if is(2) { Docs::Keep } else { Docs::Drop },
        runtime_blocks: if is(2) { RuntimeBlocks::Keep } else { RuntimeBlocks::Remove },
        marks: if is(2) { ByteOrderMarks::Keep } else { ByteOrderMarks::Remove },
        state: if is(2) { State::Keep } else { State::Instrument },
        oldest: Version::ALL[if is(2) { newest } else { oldest.min(newest) }],
        lexer,
        style: *random.pick(&Style::ALL),
    }
}

/// What must hold for every build: what does not.
fn fault(found: &Build) -> Option<String> {
    let is_refused = found.diagnostics.iter().any(|it| it.severity == Severity::Error);
    if is_refused == found.output.is_some() {
        return Some("an output goes with errors, or neither is there".to_owned());
    }
    for diagnostic in &found.diagnostics {
        if diagnostic.code == "T-VERIFY" {
            return Some(format!("not proved: {}", diagnostic.message));
        }
        for label in &diagnostic.labels {
            if found.sources[label.source.index()].text.get(label.span.clone()).is_none() {
                return Some(format!("a label beside its source: {diagnostic:?}"));
            }
        }
    }
    None
}

/// A mutant by its number.
fn check(originals: &[Vec<Original>], number: u64) -> Option<String> {
    let mut random = Rng(number);
    let members = members(originals, &mut random);
    let recipe = recipe(members.iter().map(|(path, _)| path.clone()).collect(), &mut random);
    let sources = Memory::new(&members);
    let built = catch_unwind(AssertUnwindSafe(|| build(&sources, &recipe)));
    let what = built.map_or_else(|_| Some("a panic".to_owned()), |found| fault(&found))?;
    if mutation::is_one_asked() {
        for (path, text) in &members {
            eprintln!("--- {}\n{}", path.display(), text.escape_ascii());
        }
    }
    Some(format!("mutant {number}: {what}, {recipe:?}"))
}

/// Files with variables of their own, of a PHP and in lines.
fn own(version: Version, texts: &[&str]) -> (Memory, Recipe) {
    let name = |index| Path::new(ROOT).join(format!("{index}.php"));
    let files: Vec<_> = texts.iter().enumerate().map(|(index, text)| (name(index), text)).collect();
    let recipe = Recipe {
        name: "found".to_owned(),
        files: files.iter().map(|(path, _)| path.clone()).collect(),
        on_demand: Vec::new(),
        composer_files: Vec::new(),
        has_companions: true,
        has_map: true,
        paths: Paths::Relative,
        scope: Scope::Own,
        output: Some(Path::new(ROOT).join("out.php")),
        style: Style::Lines,
        docs: Docs::Keep,
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        state: State::Keep,
        lexer: Options::new(version),
        oldest: version,
    };
    (Memory::new(&files), recipe)
}

/// What mutants have found, as small as it can be.
#[test]
fn what_mutants_found_is_proved_or_refused() {
    for (version, texts) in [
        // The code that runs members needs namespaces.
        (Version::V5_2, &["<?php\necho 1;\n"][..]),
        // A line that stays as it is, into which a rule puts code.
        (Version::V8_3, &["<?php\necho 1;\n", "<?php\nenum#\nA {}"]),
        // A character that PHP 7.4 has a token for, and drops when it parses.
        (Version::V7_4, &["<?php \"$a[8\u{1}]\";"]),
    ] {
        let (memory, recipe) = own(version, texts);
        assert_eq!(fault(&build(&memory, &recipe)), None, "{texts:?}");
    }
}

#[test]
fn each_mutant_is_proved_or_refused() {
    let originals = originals();
    mutation::check_all(MUTANTS, |number| check(&originals, number));
}

/// The first bug of this kind: what is open here hides what PHP refuses.
#[test]
fn an_open_nowdoc_of_an_old_php_is_refused() {
    for body in ["<<<'A'\n", "<<<A\n", "<<<\"A\"\n"] {
        for comment in ["# \u{e4}\u{b8}\n", "// \u{ff}\n", ""] {
            let text = format!("<?php\n{comment}$a = {body}b __halt_compiler();\n");
            for version in Version::ALL {
                for style in Style::ALL {
                    let (memory, recipe) = own(version, &[&text, "<?php\necho 1;\n"]);
                    let recipe = Recipe { style, scope: Scope::Shared, ..recipe };
                    let built = build(&memory, &Recipe { has_companions: false, ..recipe });
                    assert_eq!(fault(&built), None, "{body:?} {version}");
                    assert!(built.output.is_none(), "{body:?} {version}");
                }
            }
        }
    }
}

/// A quote without an end, which the next member would give it.
#[test]
fn a_quote_that_php_5_2_drops_is_refused() {
    for text in ["<?php\necho 'b';'", "<?php\necho 'b';'\necho 1;\n"] {
        for style in Style::ALL {
            let (memory, recipe) = own(Version::V5_2, &[text, "<?php\necho 'c';\n"]);
            let built = build(&memory, &Recipe { style, scope: Scope::Shared, ..recipe });
            assert_eq!(fault(&built), None, "{text:?}");
            assert!(built.output.is_none(), "{text:?}");
        }
    }
}
