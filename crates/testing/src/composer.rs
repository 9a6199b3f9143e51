//! The real Composer, for tests here and of the command line.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs Composer in a folder.
pub fn composer(folder: &Path, args: &[&str]) {
    let corpus = std::env::var_os("TILDE_CORPUS").map(PathBuf::from);
    let corpus =
        corpus.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.corpus"));
    let run = Command::new(corpus.join("composer/run")).args(args).current_dir(folder).output();
    let run = run.expect("Composer is missing: run scripts/corpus --composer");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
