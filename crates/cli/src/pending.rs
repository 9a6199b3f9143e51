//! Outputs that wait for somebody to accept them: `all.php.new` beside `all.php`.
//!
//! `build --review` writes them in place of the outputs; `review`, `accept` and `reject`
//! take them away. In CI nobody is there to ask, so nothing is written.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::disk::{self, Write};
use crate::map;
use crate::problem::Problem;
use crate::xdebug;

const SUFFIX: &str = ".new";

/// An output with a pending change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pending {
    pub(crate) output: PathBuf,
    /// Where the new bytes are.
    pub(crate) file: PathBuf,
}

impl Pending {
    /// The one of an output, whether it is there or not.
    pub(crate) fn of(output: &Path) -> Self {
        let mut file = output.as_os_str().to_owned();
        file.push(SUFFIX);
        Self { output: output.to_owned(), file: file.into() }
    }

    /// The one that a person names, by the output or by the pending file.
    pub(crate) fn named(path: &Path) -> Result<Self, Problem> {
        let bytes = path.as_os_str().as_bytes();
        let output = bytes.strip_suffix(SUFFIX.as_bytes()).filter(|_| path.is_file());
        let pending = Self::of(output.map_or(path, |output| Path::new(OsStr::from_bytes(output))));
        if pending.file.is_file() {
            return Ok(pending);
        }
        let message = format!("{} has no pending change", pending.output.display());
        let help = "`tilde build --review` writes what has changed beside the outputs";
        Err(Problem::error("T-REVIEW", message).help(help))
    }

    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Problem> {
        disk::read(&self.file).map_err(|error| disk::unreadable(&self.file, &error))
    }

    /// Drops the change.
    pub(crate) fn remove(&self) -> Result<(), Problem> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let (path, reason) = (self.file.display(), disk::reason(&error));
                Err(Problem::error("T-WRITE", format!("cannot remove {path}: {reason}")))
            }
            _ => Ok(()),
        }
    }
}

/// Puts pending files into the places of their outputs: all of them or none.
pub(crate) fn accept(pending: &[Pending]) -> Result<(), Problem> {
    let bytes: Vec<Vec<u8>> = pending.iter().map(Pending::bytes).collect::<Result<_, _>>()?;
    let writes: Vec<Write<'_>> =
        pending.iter().zip(&bytes).map(|(it, bytes)| Write::new(&it.output, bytes)).collect();
    disk::write_all(&writes)?;
    pending.iter().try_for_each(Pending::remove)
}

/// The pending files of a bundle: of its output, of companions (`all.2.php`) and of maps.
pub(crate) fn of_bundle(output: &Path) -> BTreeSet<Pending> {
    let xdebug = xdebug::beside(output);
    let folders = BTreeSet::from([disk::folder_of(output), disk::folder_of(&xdebug)]);
    let mut found = BTreeSet::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for name in entries.flatten().map(|entry| entry.file_name()) {
            let Some(base) = name.as_bytes().strip_suffix(SUFFIX.as_bytes()) else { continue };
            let base = OsStr::from_bytes(base);
            if is_of(output, base) {
                found.insert(Pending::of(&in_folder(output, folder, base)));
            }
        }
    }
    found
}

/// A file as it is written: without a folder, if the output is so.
fn in_folder(output: &Path, folder: &Path, name: &OsStr) -> PathBuf {
    let is_bare = output.parent().is_some_and(|it| it.as_os_str().is_empty());
    if is_bare && folder == Path::new(".") { name.into() } else { folder.join(name) }
}

/// Whether a name is that of the output, of a companion or of the map of one.
pub(crate) fn is_of(output: &Path, name: &OsStr) -> bool {
    let map = map::beside(Path::new(""));
    let name = name.as_bytes();
    let name = name.strip_suffix(map.as_os_str().as_bytes()).unwrap_or(name);
    let own = output.file_name().unwrap_or_default();
    if name == own.as_bytes() {
        return true;
    }
    let stem = output.file_stem().unwrap_or_default();
    let extension = output.extension().map(|extension| [b".", extension.as_bytes()].concat());
    let rest = name.strip_prefix(stem.as_bytes()).and_then(|rest| rest.strip_prefix(b"."));
    let number = rest.and_then(|rest| rest.strip_suffix(&*extension.unwrap_or_default()));
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// Whether a CI system runs this, so that nothing may be written and nobody can be asked.
pub(crate) fn is_ci() -> bool {
    let is_on = |value: OsString| !matches!(value.as_bytes(), b"" | b"0" | b"false");
    ["CI", "GITHUB_ACTIONS", "GITLAB_CI"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(is_on))
}

/// An error if a CI system runs this.
pub(crate) fn check_no_ci(command: &str) -> Result<(), Problem> {
    if !is_ci() {
        return Ok(());
    }
    let message = format!("{command} writes files, and nothing is written in CI");
    Err(Problem::error("T-REVIEW", message).help("run it on your machine and commit the outputs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_bundle() {
        let is_of = |name: &str| is_of(Path::new("out/all.php"), OsStr::new(name));
        assert!(is_of("all.php") && is_of("all.2.php") && is_of("all.php.map"));
        assert!(is_of("all.12.php.map"));
        assert!(!is_of("all.x.php") && !is_of("all..php") && !is_of("other.php") && !is_of("all"));
    }
}
