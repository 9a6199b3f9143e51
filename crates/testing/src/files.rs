//! The PHP files that tests read, of `testdata` and of what `scripts/corpus`
//! fetches, and how a test over many of them ends.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Packages of Debian's.
const PACKAGES: [&str; 11] = [
    "php-parser",
    "composer",
    "phpunit",
    "php-symfony-http-kernel",
    "php-symfony-console",
    "php-twig",
    "dokuwiki",
    "php-phpseclib3",
    "phpmyadmin",
    "wordpress",
    "mediawiki",
];

/// Those of them that are always there: a plain `scripts/corpus` fetches them.
pub const FETCHED: [&str; 3] = ["php-parser", "php-twig", "wordpress"];

/// The folder of this repository.
pub fn repository() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// The PHP files of a part of `testdata`.
pub fn fixtures(part: &str) -> Vec<PathBuf> {
    let files = php_files(&repository().join("testdata").join(part));
    assert!(!files.is_empty());
    files
}

/// PHP's own test programs.
pub fn suite() -> Vec<PathBuf> {
    php_files(&corpus("suite"))
}

/// The files of that package, or with `TILDE_CORPUS_ALL=1` of all.
pub fn packages(one: &str) -> Vec<PathBuf> {
    assert!(FETCHED.contains(&one), "a plain scripts/corpus does not fetch {one}");
    let packages = if is_set("TILDE_CORPUS_ALL") { &PACKAGES[..] } else { &[one] };
    let folder = corpus("packages");
    packages.iter().flat_map(|package| php_files(&folder.join(package))).collect()
}

/// A part of what `scripts/corpus` fetches.
pub fn corpus(part: &str) -> PathBuf {
    let home =
        env::var_os("TILDE_CORPUS").map_or_else(|| repository().join(".corpus"), PathBuf::from);
    home.join(part)
}

/// All PHP files below a folder, in a fixed order.
pub fn php_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| {
        panic!(
            "cannot read {}: {error}; run scripts/corpus (--all for all packages)",
            folder.display()
        )
    });
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.unwrap();
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            files.extend(php_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "php") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Each file after so many.
pub fn every(step: usize, files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.into_iter().step_by(step).collect()
}

/// Whether a variable of the environment is 1.
pub fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| value == "1")
}

/// Panics with the first differences, if there are any.
pub fn expect_none(differences: &[String]) {
    let first = &differences[..differences.len().min(20)];
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), first.join("\n"));
}
