//! The hazards of `testdata/semantics`: members apart against their bundle.
//!
//! A case is a folder with a `case` file, a word and its value a line. Files
//! whose name begins with `x_` are no members, and `entry.php` is the script
//! in which `LOAD;` stands for the members. A member that is in `members` but
//! not in `load` is one that the program loads late or never.
//!
//! | word    | value                                                       |
//! |---------|-------------------------------------------------------------|
//! | hazard  | what can go wrong                                           |
//! | load    | the files that are required apart; all members by default   |
//! | members | the files of the bundle, in order; those of `load` by default |
//! | demand  | those that run on demand                                     |
//! | composer | a key and the file that Composer runs as well, by that key    |
//! | scope   | `own` where each file has variables of its own               |
//! | apart   | PHP that loads the files apart, where `load` cannot say it  |
//! | bundle  | where the bundle goes; `bundle.php` by default              |
//! | ini     | a PHP setting, as `name=value`                              |
//! | php     | the versions that run the files at all; any by default      |
//! | outcome | `same`, `refused CODE…`, `differs` or `wrong REASON`        |
//!
//! `differs` is for what no bundler can keep (names of files and lines), and
//! asks for a warning. `wrong` is a bug of ours that is known: the test fails
//! as soon as such a case comes right, so that their number only shrinks.
//! The files stay beside the bundle while it runs, as where it is deployed.

// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use tilde_bundle::{
    Build, ByteOrderMarks, Bytes, Companion, Docs, Recipe, RuntimeBlocks, Scope, Severity, State,
    Style, build,
};
use tilde_lexer::{Options, Version};
use tilde_testing::sources::Folder;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/semantics");

/// The cases that may differ, because a bundle is one file at another place.
const BY_NATURE: [&str; 6] = ["D05", "F11", "I03", "I04", "K34", "K35"];

const WORDS: [&str; 11] = [
    "hazard", "composer", "load", "members", "demand", "scope", "apart", "bundle", "ini", "php",
    "outcome",
];

/// The PHP that runs a case.
#[derive(Clone, Copy)]
struct Php {
    version: &'static str,
    /// Debian's, with or without its cache of opcodes; the others come from npm and have none.
    is_native: bool,
    has_opcache: bool,
}

const DEBIAN: &str = "8.2";
const OTHERS: [&str; 2] = ["7.4", "8.5"];

impl Php {
    fn native(has_opcache: bool) -> Self {
        Self { version: DEBIAN, is_native: true, has_opcache }
    }

    fn command(self) -> Command {
        if self.is_native {
            let mut php = Command::new("php");
            php.arg("-n");
            return php;
        }
        let mut php = Command::new("node");
        php.args([
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/oracle/php.mjs"),
            self.version,
        ]);
        php
    }
}

const OPCACHE: [&str; 3] =
    ["zend_extension=opcache.so", "opcache.enable_cli=1", "opcache.file_update_protection=0"];

#[derive(Clone)]
struct Case {
    name: String,
    folder: PathBuf,
    words: BTreeMap<String, String>,
    state: State,
}

impl Case {
    fn read(folder: PathBuf) -> Self {
        let text = fs::read_to_string(folder.join("case")).unwrap();
        let words = text.lines().map(|line| {
            let (word, value) = line.split_once(' ').unwrap();
            (word.to_owned(), value.to_owned())
        });
        let words: BTreeMap<String, String> = words.collect();
        let unknown = words.keys().find(|word| !WORDS.contains(&word.as_str()));
        assert_eq!(unknown, None, "in {}", folder.display());
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        Self { name, folder, words, state: State::Keep }
    }

    fn word(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(String::as_str)
    }

    fn files(&self, name: &str) -> Option<Vec<String>> {
        Some(self.word(name)?.split(' ').map(str::to_owned).collect())
    }

    /// What Composer runs as well: a key and a file.
    fn composer_files(&self) -> Vec<(PathBuf, String)> {
        let word = self.word("composer").and_then(|value| value.split_once(' '));
        word.map(|(key, file)| (PathBuf::from(file), key.to_owned())).into_iter().collect()
    }

    /// Where the bundle goes.
    fn place(&self) -> &str {
        self.word("bundle").unwrap_or("bundle.php")
    }

    /// The files that are required apart.
    fn load(&self) -> Vec<String> {
        let is_member = |file: &String| {
            let path = Path::new(file);
            let name = path.file_name().unwrap().to_str().unwrap();
            let is_php = path.extension().is_some_and(|it| it == "php");
            is_php && !name.starts_with("x_") && file != "entry.php"
        };
        let all = || files(&self.folder).into_iter().filter(is_member).collect();
        self.files("load").unwrap_or_else(all)
    }

    /// Whether its files run at all under that PHP.
    fn runs_under(&self, php: Php) -> bool {
        self.files("php").is_none_or(|versions| versions.iter().any(|it| it == php.version))
    }

    fn build(&self, style: Style, php: Php) -> Build {
        let demand = self.files("demand").unwrap_or_default();
        let mut members = self.files("members").unwrap_or_else(|| self.load());
        members.retain(|file| !demand.contains(file));
        let recipe = Recipe {
            name: "case".to_owned(),
            files: members.into_iter().map(PathBuf::from).collect(),
            on_demand: demand.into_iter().map(PathBuf::from).collect(),
            composer_files: self.composer_files(),
            has_companions: true,
            has_map: false,
            paths: tilde_bundle::Paths::Relative,
            scope: if self.word("scope") == Some("own") { Scope::Own } else { Scope::Shared },
            output: Some(PathBuf::from(self.place())),
            style,
            docs: Docs::Keep,
            runtime_blocks: RuntimeBlocks::Keep,
            marks: ByteOrderMarks::Keep,
            state: self.state,
            lexer: Options::new(php.version.parse::<Version>().unwrap()),
            oldest: php.version.parse().unwrap(),
        };
        build(&Folder(self.folder.clone()), &recipe)
    }

    /// What PHP prints when `loading` stands in place of `LOAD;`.
    fn run(&self, folder: &Path, loading: &str, php: Php) -> String {
        let entry = fs::read_to_string(self.folder.join("entry.php"));
        let entry = entry.unwrap_or_else(|_| "<?php\nLOAD;\n".to_owned());
        fs::write(folder.join("run.php"), entry.replace("LOAD;", loading)).unwrap();
        let mut settings = vec!["display_errors=1", "log_errors=0"];
        settings.extend(self.word("ini"));
        settings.extend(OPCACHE.iter().filter(|_| php.has_opcache));
        // Up to 8.1 it leaves out classes that no code reaches.
        settings.extend((!php.has_opcache).then_some("opcache.enable=0"));
        let mut command = php.command();
        command.args(settings.iter().flat_map(|it| ["-d", it])).arg("run.php");
        let output = command.current_dir(folder).output();
        let output = output.expect("this test runs PHP; install php-cli and nodejs");
        normal(&String::from_utf8_lossy(&output.stdout), folder)
    }

    fn run_apart(&self, folder: &Path, php: Php) -> String {
        let require = |file: String| format!("require __DIR__ . '/{file}'; ");
        let load = || self.load().into_iter().map(require).collect();
        let loading = self.word("apart").map_or_else(load, str::to_owned);
        self.run(folder, &loading, php)
    }

    fn run_together(&self, folder: &Path, bundle: &[u8], php: Php) -> String {
        let place = self.place();
        let path = folder.join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bundle).unwrap();
        self.run(folder, &format!("require __DIR__ . '/{place}';"), php)
    }

    /// What the case does today, under each of these.
    fn actual(&self, php: &[Php]) -> Actual {
        let mut actual = Actual::default();
        let styles = [Style::Lines, Style::Tight];
        let builds = styles.map(|style| (style, self.build(style, php[0])));
        let mut bundles = Vec::new();
        for (style, build) in builds {
            actual.add_findings(&build);
            bundles.extend(build.output.map(|output| (style, output, build.companions)));
        }
        for php in php.iter().filter(|_| !bundles.is_empty()) {
            actual.differences.extend(self.differences(&bundles, *php));
        }
        actual
    }

    /// Where bundles print something else than the files apart.
    fn differences(&self, bundles: &[(Style, Bytes, Vec<Companion>)], php: Php) -> Vec<String> {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().canonicalize().unwrap();
        copy(&self.folder, &folder);
        let apart = self.run_apart(&folder, php);
        let together = bundles.iter().map(|(style, bundle, companions)| {
            for Companion { name, bytes, .. } in companions {
                fs::write(folder.join(self.place()).with_file_name(name), bytes).unwrap();
            }
            let together = self.run_together(&folder, bundle.whole(), php);
            let opcache = if php.has_opcache { "with" } else { "without" };
            let what = format!("{style}, {opcache} opcache: {apart:?} became {together:?}");
            (together != apart).then_some(what)
        });
        together.flatten().collect()
    }
}

#[derive(Default)]
struct Actual {
    is_warned: bool,
    errors: BTreeSet<&'static str>,
    differences: Vec<String>,
}

impl Actual {
    fn add_findings(&mut self, build: &Build) {
        self.is_warned |= build.diagnostics.iter().any(|it| it.severity != Severity::Error);
        let errors = build.diagnostics.iter().filter(|it| it.severity == Severity::Error);
        self.errors.extend(errors.map(|it| it.code));
    }

    fn shown(&self) -> String {
        match (self.errors.is_empty(), self.differences.is_empty()) {
            (false, _) => {
                let codes: Vec<&str> = self.errors.iter().copied().collect();
                format!("refused {}", codes.join(" "))
            }
            (true, true) => "same".to_owned(),
            (true, false) if self.is_warned => "differs".to_owned(),
            (true, false) => "differs, and nothing warns".to_owned(),
        }
    }

    /// Whether this is what a case file says.
    fn is(&self, outcome: &str, name: &str) -> bool {
        let shown = self.shown();
        let may_differ = shown == "differs" && BY_NATURE.contains(&&name[..3]);
        match outcome.split(' ').next().unwrap() {
            "wrong" => shown.starts_with("differs") && !may_differ,
            "differs" => may_differ,
            _ => shown == outcome,
        }
    }
}

/// The paths of the files under a folder, in order.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(files(&entry.path()).iter().map(|file| format!("{name}/{file}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        fs::create_dir_all(to.join(&file).parent().unwrap()).unwrap();
        fs::copy(from.join(&file), to.join(&file)).unwrap();
    }
}

/// Output without the places that PHP's own messages name.
fn normal(output: &str, folder: &Path) -> String {
    let output = output.replace(&format!("{}/", folder.display()), "");
    let lines = output.split_inclusive('\n').filter(|line| !is_trace(line.trim_end()));
    lines.map(without_place).collect()
}

fn is_trace(line: &str) -> bool {
    let is_frame = line.starts_with('#') && line[1..].starts_with(|it: char| it.is_ascii_digit());
    is_frame || line == "Stack trace:" || line.starts_with("  thrown in ")
}

fn without_place(line: &str) -> &str {
    let kinds = ["Warning: ", "Deprecated: ", "Notice: ", "Fatal error: ", "Parse error: "];
    let is_message = kinds.iter().any(|kind| line.starts_with(kind));
    // `(previously declared in a.php:2)` is a place, too.
    let before = line.find(" (previously declared in ").unwrap_or(line.len());
    let place = line[..before].rfind(" in ").or(Some(before)).filter(|_| is_message);
    place.map_or(line, |at| &line[..at])
}

fn cases() -> Vec<Case> {
    let folders = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<Case> = folders.map(Case::read).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn has_opcache() -> bool {
    let code = "echo extension_loaded('Zend OPcache') ? 'yes' : 'no';";
    let output = Command::new("php").args(["-n", "-d", OPCACHE[0], "-r", code]).output();
    output.expect("this test runs PHP; install php-cli").stdout == b"yes"
}

/// How a case is not as its file says.
fn complaint(case: &Case, has_opcache: bool) -> Option<String> {
    let outcome = case.word("outcome").unwrap();
    let mut php = vec![Php::native(false)];
    php.extend(has_opcache.then(|| Php::native(true)));
    let actual = case.actual(&php);
    let is_expected = actual.is(outcome, &case.name);
    let differences = actual.differences.join("\n    ");
    let shown = actual.shown();
    (!is_expected).then(|| format!("{}: {outcome}: is {shown}\n    {differences}", case.name))
}

/// The results for every so many cases, on all cores.
fn each_case<T: Send>(step: usize, judge: impl Fn(&Case) -> Option<T> + Sync) -> Vec<T> {
    let cases: Vec<Case> = cases().into_iter().step_by(step).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(threads));
        let workers: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().filter_map(&judge).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn bundles_behave_as_recorded() {
    let has_opcache = has_opcache();
    let complaints = each_case(1, |case| complaint(case, has_opcache));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What can be put back is as it was as long as nobody does so.
#[test]
fn bundles_behave_the_same_with_state() {
    let has_statics = |case: &Case| {
        let mut files = files(&case.folder).into_iter().map(|file| case.folder.join(file));
        files.any(|file| fs::read_to_string(file).is_ok_and(|text| text.contains("static $")))
    };
    let judge = |case: &Case| {
        let case = Case { state: State::Instrument, ..case.clone() };
        let complaint = || (1, complaint(&case, false));
        has_statics(&case).then(complaint)
    };
    let judged = each_case(1, judge);
    let complaints: Vec<String> = judged.iter().filter_map(|(_, it)| it.clone()).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(judged.len() > 2, "{} cases have such variables", judged.len());
}

/// What a case does under a PHP, and how it differs although it should not.
fn under(case: &Case, php: Php) -> (String, Option<String>) {
    let actual = case.actual(&[php]);
    let is_wrong = case.word("outcome").unwrap().starts_with("wrong");
    let may_differ = is_wrong || BY_NATURE.contains(&&case.name[..3]);
    let differs = actual.shown().starts_with("differs") && !may_differ;
    let difference =
        || format!("{} under {}: {}", case.name, php.version, actual.differences.join("\n    "));
    let shown = actual.shown().split(' ').next().unwrap().to_owned();
    (shown, differs.then(difference))
}

/// Under other PHPs a case is the same, or is refused; what is known to be wrong may
/// be so there too. All of them take minutes: with `TILDE_CORPUS_VERSIONS`, else a few.
#[test]
fn bundles_behave_under_other_versions() {
    let step = if env::var_os("TILDE_CORPUS_VERSIONS").is_some() { 1 } else { 100 };
    let mut complaints = Vec::new();
    for version in OTHERS {
        let php = Php { version, is_native: false, has_opcache: false };
        let found = each_case(step, |case| case.runs_under(php).then(|| under(case, php)));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (shown, difference) in &found {
            *counts.entry(shown.as_str()).or_default() += 1;
            complaints.extend(difference.clone());
        }
        eprintln!("PHP {version}: {counts:?}");
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn outcomes_add_up() {
    let mut counts = BTreeMap::new();
    for case in cases() {
        let outcome = case.word("outcome").unwrap().split(' ').next().unwrap().to_owned();
        *counts.entry(outcome).or_insert(0) += 1;
    }
    let counts: Vec<String> =
        counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    assert_eq!(counts.join(", "), "6 differs, 7 refused, 133 same, 1 wrong");
}
