//! Mutants of the applications in testdata: whatever their files hold, each
//! difference between a cache and its sources has a finding that says why. And
//! mutants of all its files, in bundles: `bundles.rs`.
//!
//! A bounded slice runs by default. `TILDE_SOAK=N` makes N mutants, from the
//! seed `TILDE_SEED`; a failure prints the number that makes the same mutant.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

mod bundles;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tilde_bundle::Diagnostic;
use tilde_eval::{Sources, Target, Version};
use tilde_thinkphp::{Application, Files, build};

const MUTANTS: u64 = 400;
const SEED: u64 = 1;
const ROOT: &str = "/srv/app";
const VERSIONS: [Version; 6] =
    [Version::V5_2, Version::V5_3, Version::V5_6, Version::V7_2, Version::V7_4, Version::V8_5];

/// What a mutation puts in: the ends and beginnings of what can stay open.
const INSERTS: &[&[u8]] = &[
    b"/*",
    b"*/",
    b"/** a */",
    b"//",
    b"#",
    b"// a\n",
    b"<<<A\n",
    b"<<<'A'\n",
    b"<<<\"A\"\n",
    b"\nA;\n",
    b"\n  A;\n",
    b"\nTHINK;\n",
    b"?>",
    b"?>\n\n",
    b"<?php ",
    b"<?",
    b"'",
    b"\"",
    b"`",
    b"{",
    b"}",
    b"(",
    b")",
    b"[",
    b";",
    b"$",
    b"{$",
    b"${",
    b"\\",
    b"\n",
    b"\r",
    b"\r\n",
    b" ",
    b"\0",
    b"\x01",
    b"\x80\xff",
    b"\xef\xbb\xbf",
    b"__halt_compiler();",
    b"namespace A;",
    b"namespace A { }",
    b"return;",
    b"return 1;",
    b"//[RUNTIME]",
    b"//[/RUNTIME]",
    b"defined('THINK_PATH') or exit();",
    b"__FILE__",
    b"fn",
    b"=>",
    b"1",
    b".",
    b"#[A]",
];

/// The files of an application, in memory.
struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Sources for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let text = self.0.get(&plain(path));
        text.cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(&plain(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        let path = plain(path);
        self.0.keys().any(|file| file != &path && file.starts_with(&path))
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        (self.is_file(path) || self.is_dir(path)).then(|| plain(path))
    }
}

impl Files for Memory {
    fn earlier_output(&self, _: &Path) -> Option<Vec<u8>> {
        None
    }
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// An application of a generation and a case, whose name it has.
struct Original {
    name: String,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

fn originals() -> Vec<Original> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/thinkphp");
    let mut originals = Vec::new();
    for generation in ["2.0", "2.1", "2.2", "3.0", "3.1", "3.2"] {
        let folder = testdata.join(generation);
        for case in sorted(&folder.join("cases")) {
            let mut files = BTreeMap::new();
            lay_out(&testdata.join("builder"), Path::new("/srv/builder"), &mut files);
            lay_out(&folder.join("app"), Path::new(ROOT), &mut files);
            lay_out(&case.join("app"), Path::new(ROOT), &mut files);
            switch(&case, &mut files);
            let name = format!("{generation}/{}", case.file_name().unwrap().to_str().unwrap());
            originals.push(Original { name, files });
        }
    }
    originals
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn lay_out(folder: &Path, at: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    if !folder.is_dir() {
        return;
    }
    for path in sorted(folder) {
        let at = at.join(path.file_name().unwrap());
        if path.is_dir() {
            lay_out(&path, &at, files);
        } else {
            files.insert(at, fs::read(&path).unwrap());
        }
    }
}

/// The lines of `switches` in the entry script.
fn switch(case: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let case: serde_json::Value =
        serde_json::from_slice(&fs::read(case.join("case.json")).unwrap()).unwrap();
    let lines = case["switches"].as_array().cloned().unwrap_or_default();
    let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    let entry = files.get_mut(&Path::new(ROOT).join("index.php")).unwrap();
    let text = String::from_utf8(entry.clone()).unwrap();
    *entry = text.replace("// switches", &lines.join("\n")).into_bytes();
}

/// Numbers that look random: `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn mutate(text: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(text.len() + 1);
    let end = (at + random.below(40)).min(text.len());
    match random.below(6) {
        0 => drop(text.drain(at..end)),
        1 => text.truncate(at),
        2 => {
            let copy = text[at..end].to_vec();
            let to = random.below(text.len() + 1);
            text.splice(to..to, copy);
        }
        _ => {
            let insert = *random.one_of(INSERTS);
            text.splice(at..at, insert.iter().copied());
        }
    }
}

/// A mutant by its number: of what, under which PHP, and what was found.
fn check(originals: &[Original], number: u64) -> Option<String> {
    let mut random = Random(number);
    let original = random.one_of(originals);
    let mut files = original.files.clone();
    let php: Vec<PathBuf> = files.keys().filter(|path| path.starts_with(ROOT)).cloned().collect();
    let mut changed = Vec::new();
    for _ in 0..=random.below(3) {
        let path = random.one_of(&php);
        mutate(files.get_mut(path).unwrap(), &mut random);
        changed.push(path.clone());
    }
    let version = *random.one_of(&VERSIONS);
    let is_safe = random.below(4) == 0;
    let memory = Memory(files);
    let application = application(version, is_safe);
    let built = catch_unwind(AssertUnwindSafe(|| build(&memory, &application, None)));
    let Ok(caches) = built else {
        return Some(described(number, original, version, &changed, "a panic"));
    };
    let is_bug = |found: &&Diagnostic| matches!(found.code, "T-VERIFY" | "T-CHANGED");
    let bug = caches.diagnostics.iter().find(is_bug)?;
    let place = bug.labels.first().map(|label| {
        let source = &caches.sources[label.source.index()];
        let text = &source.text[label.span.start.saturating_sub(60)..];
        let text = String::from_utf8_lossy(&text[..text.len().min(120)]).into_owned();
        format!("{}: {text:?}", source.path.display())
    });
    let what = format!("{}: {} {place:?}", bug.code, bug.message);
    if env::var_os("TILDE_MUTANT").is_some() {
        for path in &changed {
            eprintln!("--- {}\n{}", path.display(), String::from_utf8_lossy(&memory.0[path]));
        }
        for cache in &caches.caches {
            eprintln!("--- {}\n{}", cache.path.display(), String::from_utf8_lossy(&cache.bytes));
        }
    }
    Some(described(number, original, version, &changed, &what))
}

fn application(version: Version, is_safe: bool) -> Application {
    let mut target = Target::new(version);
    target.sapi = Some("fpm-fcgi".to_owned());
    target.script_name = Some("/index.php".into());
    target.document_root = Some(ROOT.into());
    target.host = Some("localhost".into());
    let server = [("SCRIPT_FILENAME", "/srv/app/index.php"), ("PHP_SELF", "/index.php")];
    target.server = server.map(|(name, value)| (name.into(), Some(value.into()))).to_vec();
    target.working_directory = Some(ROOT.into());
    Application {
        root: ROOT.into(),
        entry: Path::new(ROOT).join("index.php"),
        target,
        constants: None,
        defines: Vec::new(),
        known: Vec::new(),
        is_safe,
    }
}

fn described(
    number: u64,
    original: &Original,
    version: Version,
    changed: &[PathBuf],
    what: &str,
) -> String {
    format!("mutant {number} of {} under PHP {version}, {changed:?}: {what}", original.name)
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// Checks the mutant that a variable of the environment names, or so many.
fn check_all(variable: &str, mutants: u64, check: impl Fn(u64) -> Option<String> + Sync + Send) {
    let seed = number("TILDE_SEED").unwrap_or(SEED);
    let numbers = match number(variable) {
        Some(number) => number..number + 1,
        None => (seed << 32)..(seed << 32) + number("TILDE_SOAK").unwrap_or(mutants),
    };
    let failures: Vec<String> = numbers.into_par_iter().filter_map(check).collect();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn each_difference_of_a_mutant_has_a_cause() {
    let originals = originals();
    check_all("TILDE_MUTANT", MUTANTS, |number| check(&originals, number));
}

/// The originals themselves, so that the mutants are of what builds.
#[test]
fn the_originals_build() {
    for original in originals() {
        let memory = Memory(original.files.clone());
        let caches = build(&memory, &application(Version::V7_4, false), None);
        let is_error = |found: &Diagnostic| found.severity == tilde_bundle::Severity::Error;
        let errors: Vec<_> = caches.diagnostics.iter().filter(|found| is_error(found)).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", original.name);
    }
}
