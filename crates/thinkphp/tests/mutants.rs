//! Mutants of the applications in testdata: whatever their files hold, each
//! difference between a cache and its sources has a finding that says why.
//!
//! A bounded slice runs by default; `mutation` says how to make more.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tilde_bundle::Diagnostic;
use tilde_eval::{Sources, Target, Version};
use tilde_testing::mutation::{self, Rng, mutate};
use tilde_thinkphp::{Application, Caches, Files, build};

const MUTANTS: u64 = 400;
const ROOT: &str = "/srv/app";
const VERSIONS: [Version; 6] =
    [Version::V5_2, Version::V5_3, Version::V5_6, Version::V7_2, Version::V7_4, Version::V8_5];

/// The files of an application, in memory: those of an original, some of them
/// changed.
struct Memory<'a> {
    original: &'a Original,
    changed: BTreeMap<&'a Path, Vec<u8>>,
}

impl Memory<'_> {
    fn text(&self, path: &Path) -> Option<&Vec<u8>> {
        self.changed.get(path).or_else(|| self.original.files.get(path))
    }
}

impl Sources for Memory<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let text = self.text(&plain(path));
        text.cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.original.files.contains_key(&plain(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.original.folders.contains(&plain(path))
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        (self.is_file(path) || self.is_dir(path)).then(|| plain(path))
    }
}

impl Files for Memory<'_> {
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
    folders: BTreeSet<PathBuf>,
    /// What is changed: not the builder, which the recorded caches were made with.
    own: Vec<PathBuf>,
}

impl Original {
    fn new(name: String, files: BTreeMap<PathBuf, Vec<u8>>) -> Self {
        let above =
            |path: &PathBuf| path.ancestors().skip(1).map(Path::to_owned).collect::<Vec<_>>();
        let folders = files.keys().flat_map(above).collect();
        let own = files.keys().filter(|path| path.starts_with(ROOT)).cloned().collect();
        Self { name, files, folders, own }
    }
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
            originals.push(Original::new(name, files));
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

/// A mutant by its number: of what, under which PHP, and what was found.
fn check(originals: &[Original], number: u64) -> Option<String> {
    let mut random = Rng(number);
    let original = random.pick(originals);
    let mut memory = Memory { original, changed: BTreeMap::new() };
    for _ in 0..=random.below(3) {
        let path = random.pick(&original.own);
        mutate(
            memory.changed.entry(path).or_insert_with(|| original.files[path].clone()),
            &mut random,
        );
    }
    let version = *random.pick(&VERSIONS);
    let is_safe = random.below(4) == 0;
    let what = fault(&memory, &application(version, is_safe))?;
    let changed: Vec<_> = memory.changed.keys().collect();
    Some(format!("mutant {number} of {} under PHP {version}, {changed:?}: {what}", original.name))
}

/// The bug that a build shows.
fn fault(memory: &Memory<'_>, application: &Application) -> Option<String> {
    let built = catch_unwind(AssertUnwindSafe(|| build(memory, application, None)));
    let Ok(caches) = built else { return Some("a panic".to_owned()) };
    let is_bug = |found: &&Diagnostic| matches!(found.code, "T-VERIFY" | "T-CHANGED");
    let bug = caches.diagnostics.iter().find(is_bug)?;
    let place = bug.labels.first().map(|label| {
        let source = &caches.sources[label.source.index()];
        let text = &source.text[label.span.start.saturating_sub(60)..];
        let text = String::from_utf8_lossy(&text[..text.len().min(120)]).into_owned();
        format!("{}: {text:?}", source.path.display())
    });
    if mutation::is_one_asked() {
        show(memory, &caches);
    }
    Some(format!("{}: {} {place:?}", bug.code, bug.message))
}

/// What was changed, and what became of it.
fn show(memory: &Memory<'_>, caches: &Caches) {
    let caches = caches.caches.iter().map(|cache| (&*cache.path, &cache.bytes));
    for (path, text) in memory.changed.iter().map(|(path, text)| (*path, text)).chain(caches) {
        eprintln!("--- {}\n{}", path.display(), String::from_utf8_lossy(text));
    }
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

/// What mutants have found: a file of an application, and a text for it.
#[test]
fn what_mutants_found_has_a_cause() {
    let class = "class ThinkException extends Exception {}\n";
    let exception = "ThinkPHP/Lib/Core/ThinkException.class.php";
    let tail = |code: &str| format!("<?php\nfunction f()\n{{\n    $b = {code}");
    for (name, path, text) in [
        // The blank of a tag at the end is trimmed, and another one follows.
        ("3.1/tags-off", exception, format!("<?php\n{class}?><?php \n")),
        ("3.1/tags-off", exception, format!("<?php\n{class}?>\n<?php \n")),
        ("3.1/tags-off", exception, format!("<?php\n{class}?>\n<?php ")),
        ("3.1/constants", exception, format!("<?php\n{class}?>\n<?php\n\n")),
        // A constant is no namespace.
        ("3.2/lite", "ThinkPHP/Library/Think/Storage.class.php", {
            "<?php\nnamespace\\ Think;\nclass Storage\n{\n}\n".to_owned()
        }),
        // After the end of a heredoc there is a `;` of ThinkPHP's.
        ("2.2/heredoc-tails", "Notes/Lib/Tails.php", tail("<<<X\nx\nX\n?> a <?php }\n")),
        ("2.2/heredoc-tails", "Notes/Lib/Tails.php", tail("g(<<<X\nx\nX\n)?>; <?php }\n")),
        // A NUL, which PHP skips up to 7.4, where it is between words or is trimmed.
        ("2.1/default", "ThinkPHP/Lib/Think/Core/App.class.php", {
            "<?php\nfunction g($a)\n{\n    if ($a) {\n    } else\0if (!$a) {\n    }\n}\n".to_owned()
        }),
        ("2.0/no-cache-runtime", "Notes/Common/common.php", "<?php\n$a = 1;\0\n".to_owned()),
        ("3.2/lite-list", "Application/Common/Common/function.php", {
            "<?php\n// A comment.\n\0function title()\n{\n}\n".to_owned()
        }),
        // The text of what is cut out is the beginning of a longer name.
        ("3.2/lite", "ThinkPHP/Library/Think/Think.class.php", {
            "<?php\nnamespace Think;\nclass Think {\n    static function start() {\n        \
             $runtimefile = RUNTIME_PATHS.'x';\n        if(APP_STATUS) f();\n    }\n}\n"
                .to_owned()
        }),
        // A quote that PHP 5.2 skips at the end of a file, behind a marker.
        ("2.0/allinone", "ThinkPHP/Lib/Think/Core/App.class.php", {
            "<?php\nclass App\n{\n    //[RUNTIME]\n    //[/RUNTIME]'\n}\n?>\n".to_owned()
        }),
        // A constant may be called nothing at all.
        ("2.2/constants", "Notes/Common/common.php", "<?php\ndefine('', 1);\n".to_owned()),
    ] {
        let originals = originals();
        let original = originals.iter().find(|it| it.name == name).unwrap();
        let path = Path::new(ROOT).join(path);
        assert!(original.files.contains_key(&path), "{name} has {}", path.display());
        let changed = BTreeMap::from([(&*path, text.clone().into_bytes())]);
        for version in VERSIONS {
            let memory = Memory { original, changed: changed.clone() };
            let what = fault(&memory, &application(version, false));
            assert_eq!(what, None, "{name} with {text:?} under PHP {version}");
        }
    }
}

#[test]
fn each_difference_of_a_mutant_has_a_cause() {
    let originals = originals();
    mutation::check_all(MUTANTS, |number| check(&originals, number));
}

/// The originals themselves, so that the mutants are of what builds.
#[test]
fn the_originals_build() {
    for original in &originals() {
        let memory = Memory { original, changed: BTreeMap::new() };
        let caches = build(&memory, &application(Version::V7_4, false), None);
        let is_error = |found: &Diagnostic| found.severity == tilde_bundle::Severity::Error;
        let errors: Vec<_> = caches.diagnostics.iter().filter(|found| is_error(found)).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", original.name);
    }
}
