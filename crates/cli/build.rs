//! Gives each build a name, by which a cache knows results of other ones.
//!
//! It is made of all sources that decide about outputs, so that a binary which was built
//! twice from the same sources has the same name.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let crates = here.parent().expect("the crate lies in a folder").to_owned();
    let mut files = Vec::new();
    let lock = crates.parent().map(|root| root.join("Cargo.lock"));
    files.extend(lock.filter(|lock| lock.exists()));
    for entry in fs::read_dir(&crates).into_iter().flatten().flatten() {
        let sources = entry.path().join("src");
        if sources.is_dir() {
            println!("cargo::rerun-if-changed={}", sources.display());
            collect(&sources, &mut files);
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        file.strip_prefix(&crates).unwrap_or(file).hash(&mut hasher);
        fs::read(file).unwrap_or_default().hash(&mut hasher);
    }
    for name in ["TARGET", "PROFILE", "OPT_LEVEL"] {
        env::var_os(name).hash(&mut hasher);
    }
    println!("cargo::rustc-env=TILDE_BUILD={:016x}", hasher.finish());
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
