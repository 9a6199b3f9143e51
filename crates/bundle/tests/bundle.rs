//! Bundles of the cases in `testdata/bundle`, as they are and as they behave.
//!
//! A case is a folder: the members are its `.php` files in the order of their
//! names, and `recipe` says what differs from the defaults, a word and its
//! value a line. `run off` means that this PHP cannot show the difference.

// The helpers are test code as well.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tilde_bundle::{Build, ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Severity, Style, build};
use tilde_lexer::{Options, Version};
use tilde_testing::sources::Folder;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/bundle");

struct Case {
    folder: Folder,
    recipe: Recipe,
    is_run: bool,
}

impl Case {
    fn read(recipe: &Path) -> Self {
        let folder = recipe.parent().expect("a recipe lies in a case's folder").to_path_buf();
        let words = fs::read_to_string(recipe).unwrap();
        let words: BTreeMap<&str, &str> =
            words.lines().map(|line| line.split_once(' ').unwrap()).collect();
        let word = |name: &str, default: &'static str| *words.get(name).unwrap_or(&default);
        let mut files = members(&folder);
        files.extend(words.get("also").map(PathBuf::from));
        let version: Version = word("php", "8.5").parse().unwrap();
        let mut lexer = Options::new(version);
        lexer.short_tags = word("short-tags", "off") == "on";
        let recipe = Recipe {
            name: "case".to_owned(),
            files,
            on_demand: Vec::new(),
            composer_files: Vec::new(),
            has_companions: false,
            has_map: false,
            paths: tilde_bundle::Paths::Relative,
            scope: tilde_bundle::Scope::Shared,
            output: Some(PathBuf::from("bundle.php")),
            style: word("style", "lines").parse().unwrap(),
            docs: if word("docs", "keep") == "keep" { Docs::Keep } else { Docs::Drop },
            runtime_blocks: match word("runtime-blocks", "remove") {
                "keep" => RuntimeBlocks::Keep,
                _ => RuntimeBlocks::Remove,
            },
            marks: ByteOrderMarks::Keep,
            state: tilde_bundle::State::Keep,
            oldest: lexer.version,
            lexer,
        };
        Self { folder: Folder(folder), recipe, is_run: word("run", "on") == "on" }
    }
}

fn members(folder: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<PathBuf> = names
        .map(PathBuf::from)
        .filter(|name| name.extension().is_some_and(|it| it == "php"))
        .collect();
    files.sort();
    files
}

#[test]
fn cases() {
    insta::glob!("../../../testdata/bundle", "*/recipe", |path| {
        let case = Case::read(path);
        let build = build(&case.folder, &case.recipe);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case.folder.0);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.remove_input_file();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("bundle", shown(&build)));
    });
}

#[test]
fn bundles_print_what_their_members_print() {
    let mut folders: Vec<PathBuf> = fs::read_dir(CASES)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("recipe"))
        .filter(|recipe| recipe.exists())
        .collect();
    folders.sort();
    let cases = folders.iter().map(|recipe| Case::read(recipe)).filter(|case| case.is_run);
    let differences: Vec<String> = cases
        .flat_map(|case| [Style::Lines, Style::Tight].map(|style| difference(&case, style)))
        .flatten()
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Runs the members one by one, and the bundle, and compares what they print.
fn difference(case: &Case, style: Style) -> Option<String> {
    let recipe = Recipe { style, ..case.recipe.clone() };
    let output = build(&case.folder, &recipe).output?;
    let folder = tempfile::tempdir().unwrap();
    let mut apart = "<?php\n".to_owned();
    for file in &recipe.files {
        fs::copy(case.folder.0.join(file), folder.path().join(file)).unwrap();
        writeln!(apart, "require '{}';", file.display()).unwrap();
    }
    fs::write(folder.path().join("apart.php"), apart).unwrap();
    fs::write(folder.path().join("bundle.php"), output).unwrap();
    fs::write(folder.path().join("together.php"), "<?php\nrequire 'bundle.php';\n").unwrap();
    let apart = php(folder.path(), "apart.php", &recipe);
    let together = php(folder.path(), "together.php", &recipe);
    let printed = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let is_same = apart.status.success() && apart.stdout == together.stdout;
    let name = case.folder.0.display();
    (!is_same).then(|| {
        let (apart, together) = (printed(&apart), printed(&together));
        format!("{name} ({style}):\n  apart    {apart:?}\n  together {together:?}")
    })
}

fn php(folder: &Path, script: &str, recipe: &Recipe) -> Output {
    let short_tags = u8::from(recipe.lexer.short_tags);
    Command::new("php")
        .args(["-n", "-d", "display_errors=1", "-d"])
        .arg(format!("short_open_tag={short_tags}"))
        .arg(script)
        .current_dir(folder)
        .output()
        .expect("this test runs PHP; install php-cli")
}

/// The findings, a line each, and the bundle.
fn shown(build: &Build) -> String {
    let mut text = String::new();
    for diagnostic in &build.diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        writeln!(text, "{severity}[{}]: {}", diagnostic.code, diagnostic.message).unwrap();
        for label in &diagnostic.labels {
            let source = &build.sources[label.source.index()];
            let place = visible(&source.text[label.span.clone()]);
            let path = source.path.display();
            writeln!(text, "  {path}:{}: `{place}` {}", label.span.start, label.text).unwrap();
        }
        if let Some(help) = &diagnostic.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    match &build.output {
        Some(output) => text.push_str(&visible(output.whole())),
        None => text.push_str("no output"),
    }
    text
}

fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.replace('\r', "\\r").replace('\0', "\\0").replace('\u{feff}', "\\u{feff}")
}
