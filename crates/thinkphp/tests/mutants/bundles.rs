//! Mutants of all files in testdata as members of a bundle, in each style and for
//! each PHP: a bundle is made or refused for what stands in its members, and never
//! because it is not what its members are (T-VERIFY).

use std::env;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tilde_bundle::{
    ByteOrderMarks, Docs, Paths, Recipe, RuntimeBlocks, Scope, Sources, Style, build,
};
use tilde_lexer::{Options, Version};
use walkdir::WalkDir;

use crate::{Random, check_all, mutate};

const MUTANTS: u64 = 2_000;

/// Larger files take long, and have what smaller ones have.
const MAX_LEN: u64 = 8 * 1024;

/// Members by their number, which is their path.
struct Members(Vec<Vec<u8>>);

impl Sources for Members {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let index = path.to_str().and_then(|path| path.parse::<usize>().ok());
        let text = index.and_then(|index| self.0.get(index));
        text.cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.read(path).is_ok()
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        Some(path.to_owned())
    }
}

fn originals() -> Vec<PathBuf> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut files: Vec<PathBuf> = WalkDir::new(testdata)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "php"))
        .filter(|entry| entry.metadata().unwrap().len() <= MAX_LEN)
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.sort();
    files
}

fn recipe(members: usize, style: Style, lexer: Options) -> Recipe {
    Recipe {
        name: "mutants".to_owned(),
        files: (0..members).map(|index| PathBuf::from(index.to_string())).collect(),
        on_demand: Vec::new(),
        composer_files: Vec::new(),
        has_companions: false,
        has_map: false,
        paths: Paths::Relative,
        scope: Scope::Shared,
        output: Some(PathBuf::from("bundle.php")),
        style,
        docs: Docs::Drop,
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        oldest: lexer.version,
        lexer,
    }
}

/// A mutant by its number, in all styles: what is wrong with it.
fn check(originals: &[PathBuf], number: u64) -> Option<String> {
    let mut random = Random(number);
    let mut paths = Vec::new();
    let mut members = Vec::new();
    for _ in 0..=random.below(2) {
        let path = random.one_of(originals);
        let mut text = fs::read(path).unwrap();
        for _ in 0..random.below(3) {
            mutate(&mut text, &mut random);
        }
        paths.push(path.display().to_string());
        members.push(text);
    }
    let version = *random.one_of(&Version::ALL);
    let short_tags = random.below(2) == 0;
    let lexer = Options { short_tags, ..Options::new(version) };
    let members = Members(members);
    let failed = |style: &Style| {
        let recipe = recipe(members.0.len(), *style, lexer);
        let built = catch_unwind(AssertUnwindSafe(|| build(&members, &recipe)));
        built.map_or(true, |built| built.diagnostics.iter().any(|it| it.code == "T-VERIFY"))
    };
    let style = Style::ALL.into_iter().find(failed)?;
    if env::var_os("TILDE_BUNDLE_MUTANT").is_some() {
        for text in &members.0 {
            eprintln!("---\n{}", text.escape_ascii());
        }
    }
    Some(format!("mutant {number} in the style {style:?} under PHP {version}: {paths:?}"))
}

#[test]
fn a_bundle_of_mutants_is_proved_or_refused() {
    let originals = originals();
    check_all("TILDE_BUNDLE_MUTANT", MUTANTS, |number| check(&originals, number));
}

/// The first bug of this kind: what is open here hides what PHP refuses.
#[test]
fn an_open_nowdoc_of_an_old_php_is_refused() {
    for body in ["<<<'A'\n", "<<<A\n", "<<<\"A\"\n"] {
        for comment in ["# \u{e4}\u{b8}\n", "// \u{ff}\n", ""] {
            let text = format!("<?php\n{comment}$a = {body}b __halt_compiler();\n");
            let members = Members(vec![text.into_bytes(), b"<?php\necho 1;\n".to_vec()]);
            for version in Version::ALL {
                for style in Style::ALL {
                    let recipe = recipe(2, style, Options::new(version));
                    let built = build(&members, &recipe);
                    let codes: Vec<_> = built.diagnostics.iter().map(|it| it.code).collect();
                    assert!(!codes.contains(&"T-VERIFY"), "{body:?} {version}: {codes:?}");
                    assert!(built.output.is_none(), "{body:?} {version}");
                }
            }
        }
    }
}
