//! Bundles whose `static` variables can be put back. PHP is the judge twice: a bundle does
//! what its sources do as long as nothing is put back, and a worker that puts them back
//! answers each request as a process does that answers only this one.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tilde_bundle::{
    Build, ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Scope, Severity, State, Style, build,
};
use tilde_lexer::{Options, Version};
use tilde_testing::sources::Folder;

/// How many requests a worker answers.
const REQUESTS: usize = 3;

/// A PHP, with the oldest and the newest that its bundles are for.
struct Php {
    /// None for the one of this machine.
    npm: Option<&'static str>,
    range: [Version; 2],
}

const OLD: [Version; 2] = [Version::V5_6, Version::V8_5];
const NEW: [Version; 2] = [Version::V8_3, Version::V8_5];

const PHPS: [Php; 6] = [
    Php { npm: None, range: OLD },
    Php { npm: Some("5.6"), range: OLD },
    Php { npm: Some("7.4"), range: OLD },
    Php { npm: Some("8.1"), range: OLD },
    Php { npm: Some("8.3"), range: NEW },
    Php { npm: Some("8.5"), range: NEW },
];

impl Php {
    /// The files of the application that it reads.
    fn files(&self) -> Vec<&'static str> {
        if self.range == NEW { vec!["app.php", "since-8.3.php"] } else { vec!["app.php"] }
    }

    /// The same with what cannot be put back.
    fn all_files(&self) -> Vec<&'static str> {
        let new = if self.range == NEW { &["left-8.3.php"][..] } else { &[] };
        [&self.files(), &["left.php"][..], new].concat()
    }

    /// What it prints of the requests of these numbers, a line each.
    fn answers(
        &self,
        folder: &Path,
        files: &[&str],
        requests: [usize; 2],
        resets: bool,
    ) -> Vec<String> {
        let mut command = match self.npm {
            None => {
                let mut command = Command::new("php");
                command.arg("-n");
                command
            }
            Some(version) => {
                let script = repository().join("scripts/oracle/php.mjs");
                let mut command = Command::new("node");
                command.arg(script).arg(version);
                command
            }
        };
        command.arg(application().join("x_run.php")).arg(folder).arg(files.join(","));
        command.args(requests.map(|it| it.to_string())).arg(if resets { "1" } else { "0" });
        let help = "PHP and Node.js are needed for the tests: scripts/install-tools";
        let output = command.output().expect(help);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let count = requests[1] + 1 - requests[0];
        let is_whole = lines.len() == count && lines.iter().all(|line| line.starts_with('['));
        assert!(is_whole, "{:?}: {text}{}", self.npm, String::from_utf8_lossy(&output.stderr));
        lines
    }
}

fn repository() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

fn application() -> PathBuf {
    repository().join("testdata/state")
}

fn recipe(files: &[&str], style: Style, range: [Version; 2], state: State) -> Recipe {
    Recipe {
        name: "state".to_owned(),
        files: files.iter().map(PathBuf::from).collect(),
        on_demand: Vec::new(),
        composer_files: Vec::new(),
        has_companions: true,
        has_map: false,
        paths: tilde_bundle::Paths::Relative,
        scope: Scope::Shared,
        output: Some(PathBuf::from("bundle.php")),
        style,
        docs: Docs::Keep,
        runtime_blocks: RuntimeBlocks::Keep,
        marks: ByteOrderMarks::Keep,
        state,
        lexer: Options::new(range[1]),
        oldest: range[0],
    }
}

fn instrumented(files: &[&str], style: Style, range: [Version; 2]) -> Build {
    let recipe = recipe(files, style, range, State::Instrument);
    build(&Folder(application()), &recipe)
}

/// A folder with a bundle of these files.
fn bundle(files: &[&str], style: Style, range: [Version; 2]) -> tempfile::TempDir {
    let built = instrumented(files, style, range);
    let output = built.output.unwrap_or_else(|| panic!("{:?}", built.diagnostics));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bundle.php"), output).unwrap();
    fs::copy(application().join("x_included.php"), folder.path().join("x_included.php")).unwrap();
    folder
}

#[test]
fn a_bundle_does_what_its_sources_do() {
    for php in PHPS {
        let files = php.all_files();
        // In one folder, whose name is in what some of them find.
        let apart = tempfile::tempdir().unwrap();
        for file in files.iter().chain(&["x_included.php"]) {
            fs::copy(application().join(file), apart.path().join(file)).unwrap();
        }
        let normal = |folder: &Path, lines: Vec<String>| -> Vec<String> {
            let name = folder.to_str().unwrap().replace('/', "\\\\\\/");
            lines.iter().map(|line| line.replace(&name, "FOLDER")).collect()
        };
        let requests = [1, REQUESTS];
        let expected = normal(apart.path(), php.answers(apart.path(), &files, requests, false));
        for style in [Style::Lines, Style::Tight] {
            let folder = bundle(&files, style, php.range);
            let found = php.answers(folder.path(), &["bundle.php"], requests, false);
            assert_eq!(normal(folder.path(), found), expected, "{:?} {style}", php.npm);
        }
    }
}

#[test]
fn a_worker_answers_as_fresh_processes_do() {
    for php in PHPS {
        let files = php.files();
        let fresh = |number| php.answers(&application(), &files, [number, number], false);
        let expected: Vec<String> = (1..=REQUESTS).flat_map(fresh).collect();
        let folder = bundle(&files, Style::Lines, php.range);
        let found = php.answers(folder.path(), &["bundle.php"], [1, REQUESTS], true);
        assert_eq!(found, expected, "{:?}", php.npm);
        // Without that, the second answer tells of the first one.
        let kept = php.answers(folder.path(), &["bundle.php"], [1, REQUESTS], false);
        assert_ne!(kept[1], expected[1]);
    }
}

#[test]
fn what_cannot_be_put_back_is_said() {
    let built = instrumented(&["left.php"], Style::Lines, OLD);
    let notes: Vec<&str> = built
        .diagnostics
        .iter()
        .filter(|it| it.code == "T-STATE-KEPT")
        .map(|it| {
            assert_eq!(it.severity, Severity::Note);
            it.message.as_str()
        })
        .collect();
    let shown =
        "`get_defined_vars()`, `eval()` or `include` in the function sees all its variables";
    let given = "the function gives a reference to it away";
    let expected = [
        ("$a", shown),
        ("$b", shown),
        ("$c", shown),
        ("$d", given),
        ("$e", given),
        ("$f", given),
        ("$g", given),
        ("$h", "it is the body of a statement and has no braces"),
        ("$i", "it is in no function"),
    ];
    let expected = expected.map(|(name, why)| format!("`static {name}` is not put back: {why}"));
    assert_eq!(notes, expected);
    // Then the bundle is what it is without.
    let plain = recipe(&["left.php"], Style::Lines, OLD, State::Keep);
    assert_eq!(built.output, build(&Folder(application()), &plain).output);
}

/// The output for one member.
fn made(source: &str) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.php"), source).unwrap();
    let recipe = recipe(&["a.php"], Style::Lines, NEW, State::Instrument);
    let built = build(&Folder(folder.path().to_owned()), &recipe);
    let notes = built.diagnostics.iter().map(|it| it.message.clone()).collect();
    let output = built.output.unwrap_or_else(|| panic!("{:?}", built.diagnostics));
    (String::from_utf8(output.whole().to_vec()).unwrap(), notes)
}

#[test]
fn other_obstacles() {
    let has = |source: &str, why: &str| {
        let (output, notes) = made(source);
        assert!(!output.contains("tilde_state"), "{output}");
        assert!(notes.iter().any(|note| note.contains(why)), "{notes:?}");
    };
    has("<?php function f() { static $a = 1; static $a = 2; }", "another `static`");
    has("<?php function f() { static $a; $tilde_0 = 1; }", "names of tilde");
    has("<?php function f() { declare(ticks=1) { static $a; } }", "declare(ticks)");
    has("<?php function &f() { static $a; yield $a; }", "a reference");
    has("<?php function f() { static $a; [$a[0], &$b] = $a; return [&$a]; }", "a reference");
    has("<?php function f() { static $a; } $f->getStaticVariables();", "listed");
    has("<?php function f() { while (1) static $a; }", "no braces");
    for value in ["g()", "new A", "$b", "[$b]", "fn() => 1", "A::b()", "$b::C"] {
        has(&format!("<?php function f() {{ static $a = {value}; }}"), "first value is computed");
    }
}

#[test]
fn the_code_that_is_added() {
    let (output, notes) = made("<?php\nfunction f() {\n    static $a = 1, $b;\n}\n");
    let expected = "<?php\n\
        if(!\\class_exists('tilde_state',false)){final class tilde_state{public static$round;\
        public static function reset(){self::$round++;}}}\n\
        function f(){\nstatic$a=1,$b,$tilde_0,$tilde_0_0,$tilde_0_1;\
        $tilde_0===\\tilde_state::$round||array($tilde_0===null?\
        array($tilde_0_0=$a,$tilde_0_1=$b):array($a=$tilde_0_0,$b=$tilde_0_1),\
        $tilde_0=\\tilde_state::$round);\n}\n";
    assert_eq!((output.as_str(), notes.len()), (expected, 0));
}
