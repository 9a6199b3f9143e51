//! The extensions that applications need, judged by PHP 8.2: each runs with exactly the
//! extensions that are found, and fails with one less.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tilde_docker::{Gathered, Need, Way, recipe, usage};
use tilde_module::Json;
use tilde_syntax::{Arena, Options, Version};
use walkdir::WalkDir;

/// What the official images have and Debian keeps in modules, those first that others need.
const MODULES: &[&str] = &[
    "mysqlnd",
    "pdo",
    "xml",
    "dom",
    "ctype",
    "curl",
    "fileinfo",
    "iconv",
    "mbstring",
    "pdo_sqlite",
    "phar",
    "posix",
    "readline",
    "simplexml",
    "sqlite3",
    "tokenizer",
    "xmlreader",
    "xmlwriter",
];

/// What Debian compiles into PHP and the images do not.
const COMPILED_IN: &[&str] = &["pcntl"];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/docker");
    let folder = folder.canonicalize().unwrap();
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn json(path: &Path) -> Option<Json> {
    Some(Json::parse(&fs::read(path).ok()?).unwrap())
}

fn needs(case: &Path) -> Vec<Need> {
    let mut gathered = Gathered::default();
    gathered.composer(&json(&case.join("composer.json")).unwrap(), None);
    let lock = json(&case.join("composer.lock"));
    for package in lock.iter().flat_map(|it| it.get("packages").unwrap().items()) {
        gathered.composer(package, package.get("name").unwrap().text());
    }
    for entry in WalkDir::new(case).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if !path.extension().is_some_and(|it| it == "php" || it == "inc") {
            continue;
        }
        let below = path.strip_prefix(case).unwrap();
        let options = Options::new(Version::V8_2);
        let usage = usage(&fs::read(&path).unwrap(), options, &mut Arena::new()).unwrap();
        gathered.source(below.to_str().unwrap(), usage, !below.starts_with("vendor"));
    }
    gathered.needs()
}

/// What Composer's own check of the platform does, and then the application.
const RUN: &str = r#"
    set_error_handler(function ($level, $message) {
        return error_reporting() & $level ? throw new ErrorException($message) : false;
    });
    [, $folder, $without] = $argv;
    $read = fn ($name) => is_file("$folder/$name")
        ? json_decode(file_get_contents("$folder/$name"), true)
        : [];
    $lists = [$read('composer.json'), ...($read('composer.lock')['packages'] ?? [])];
    foreach ($lists as $index => $list) {
        foreach (array_keys($list['require'] ?? []) as $name) {
            $extension = strtolower(substr($name, 4));
            $is_provided = $index > 0 && array_filter($lists, fn ($it) => isset($it['provide'][$name]));
            $loaded = extension_loaded($extension === 'zend-opcache' ? 'Zend OPcache' : $extension);
            if (str_starts_with($name, 'ext-') && !$is_provided && (!$loaded || $extension === $without)) {
                throw new Error("$name is missing");
            }
        }
    }
    require "$folder/main.php";
"#;

/// Runs a case with these extensions besides those that each image has.
fn run(case: &Path, extensions: &BTreeSet<&str>, without: &str) -> Output {
    let mut command = Command::new("php");
    command.args(["-n", "-d", "display_errors=stderr", "-d", "zend_extension=opcache"]);
    let others = extensions.iter().copied().filter(|it| !MODULES.contains(it));
    for name in MODULES.iter().copied().chain(others) {
        if !COMPILED_IN.contains(&name) {
            command.args(["-d", &format!("extension={name}")]);
        }
    }
    command.args(["-r", RUN, "--"]).arg(case).arg(without);
    command.output().expect("php is installed by scripts/install-tools")
}

#[test]
fn what_is_found_is_what_is_needed() {
    let cases = cases();
    assert!(cases.len() >= 20, "{}", cases.len());
    for case in &cases {
        let needs = needs(case);
        let is_installed =
            |need: &&Need| recipe(&need.extension, Version::V8_2).unwrap().way != Way::BuiltIn;
        let installed = needs.iter().filter(is_installed);
        let (optional, needed): (Vec<_>, Vec<_>) = installed.partition(|it| it.is_optional);
        let needed: BTreeSet<&str> = needed.iter().map(|need| &*need.extension).collect();
        let name = case.file_name().unwrap().to_string_lossy();
        let output = run(case, &needed, "");
        let is_quiet = output.stderr.is_empty() && !output.stdout.is_empty();
        assert!(output.status.success() && is_quiet, "{name} with {needed:?}: {output:#?}");
        for extension in &needed {
            let mut others = needed.clone();
            others.remove(extension);
            let output = run(case, &others, extension);
            assert!(!output.status.success(), "{name} does not need {extension}: {output:#?}");
        }
        // What is used where it is there works where it is there.
        let all = needed.iter().copied().chain(optional.iter().map(|need| &*need.extension));
        let is_here = |name: &&str| !matches!(*name, "redis" | "memcached" | "amqp" | "imagick");
        let output = run(case, &all.filter(is_here).collect(), "");
        assert!(output.status.success(), "{name} with {optional:?}: {output:#?}");
    }
}

#[test]
fn each_need_has_its_reasons() {
    let mut text = String::new();
    for case in cases() {
        writeln!(text, "{}", case.file_name().unwrap().to_str().unwrap()).unwrap();
        let is_small = |need: &Need| {
            !["core", "standard", "spl", "json", "pcre", "date"].contains(&&*need.extension)
        };
        for need in needs(&case).iter().filter(|it| is_small(it)) {
            let word = if need.is_optional { "optional" } else { "needed" };
            let reasons: Vec<String> = need.reasons.iter().map(ToString::to_string).collect();
            writeln!(text, "    {} {word}: {}", need.extension, reasons.join("; ")).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}
