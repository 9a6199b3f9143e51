//! What a build asked of the file system, and what it was told.
//!
//! Whether there is a file at a path, and where a path leads, decides about code too,
//! so `watch` has to know it, and so has whoever uses a result again. Answers are
//! remembered: a build asks for the folder of each member, and one that is repeated asks
//! for all of them again.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::{HashMap, HashSet};
use sha2::{Digest as _, Sha256};

use crate::glob::{self, Script};
use crate::scope::Stamp;

/// The SHA-256 of a file's bytes.
pub(crate) type Hash = [u8; 32];

/// Answers of the file system.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    files: Asked<bool>,
    folders: Asked<bool>,
    real: Asked<Option<PathBuf>>,
    /// All other answers.
    answers: Mutex<Answers>,
    links: Links,
    /// Whether to note which bytes files had.
    notes_reads: bool,
}

/// Paths and an answer for each. Paths are compared byte by byte, since to take them apart
/// takes longer.
type Asked<T> = Mutex<HashMap<OsString, T>>;

/// What was asked and answered, by paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) files: BTreeMap<OsString, bool>,
    pub(crate) folders: BTreeMap<OsString, bool>,
    pub(crate) real: BTreeMap<OsString, Option<PathBuf>>,
    /// The scripts below a folder, but for what is below another one.
    pub(crate) listings: BTreeMap<(PathBuf, PathBuf), Arc<[Script]>>,
    /// What could not be read.
    pub(crate) unread: BTreeSet<PathBuf>,
    /// How files looked and which bytes they had, if somebody wants to know.
    pub(crate) reads: HashMap<OsString, Read>,
    /// Some file had two contents.
    pub(crate) is_torn: bool,
}

/// What a file was when it was read. It looked so before its bytes were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) stamp: Stamp,
    pub(crate) hash: Hash,
}

impl Probes {
    /// Such as also note which bytes files had.
    pub(crate) fn with_reads() -> Self {
        Self { notes_reads: true, ..Self::default() }
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        lock(&self.answers)
    }

    /// Whether there is a file.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        answer(&self.files, path, Path::is_file)
    }

    /// Whether there is a folder.
    pub(super) fn is_dir(&self, path: &Path) -> bool {
        answer(&self.folders, path, Path::is_dir)
    }

    /// Where a path leads.
    pub(super) fn realpath(&self, path: &Path) -> Option<PathBuf> {
        answer(&self.real, path, |path| self.links.follow(path))
    }

    /// A file was read.
    pub(super) fn note_read(&self, path: &Path, stamp: Stamp, bytes: &[u8]) {
        if !self.notes_reads {
            return;
        }
        let read = Read { stamp, hash: Sha256::digest(bytes).into() };
        let mut answers = self.answers();
        let before = answers.reads.insert(path.as_os_str().to_owned(), read);
        answers.is_torn |= before.is_some_and(|before| before.hash != read.hash);
    }

    /// A file could not be read.
    pub(super) fn note_unread(&self, path: &Path) {
        if self.notes_reads {
            self.answers().unread.insert(path.to_owned());
        }
    }

    /// The scripts below a folder, but for what is below `except`. They are looked for once.
    pub(crate) fn scripts(&self, folder: &Path, except: &Path) -> Arc<[Script]> {
        let key = (folder.to_owned(), except.to_owned());
        if let Some(known) = self.answers().listings.get(&key) {
            return known.clone();
        }
        let scripts: Arc<[Script]> = self.links.scripts(folder, except).into();
        self.answers().listings.insert(key, scripts.clone());
        scripts
    }

    /// All paths that were asked about, but for those of members and their folders.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        lock(&self.files).keys().map(PathBuf::from).collect()
    }

    /// All that was asked and answered.
    pub(crate) fn into_answers(self) -> Answers {
        let Self { files, folders, real, answers, .. } = self;
        Answers {
            files: sorted(files),
            folders: sorted(folders),
            real: sorted(real),
            ..answers.into_inner().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// Forgets all answers.
    pub(crate) fn clear(&self) {
        self.links.clear();
        lock(&self.files).clear();
        lock(&self.folders).clear();
        lock(&self.real).clear();
        *self.answers() = Answers::default();
    }
}

/// What is known, or what the file system says, which nobody else waits for.
fn answer<T: Clone>(asked: &Asked<T>, path: &Path, ask: impl Fn(&Path) -> T) -> T {
    if let Some(known) = lock(asked).get(path.as_os_str()) {
        return known.clone();
    }
    let answer = ask(path);
    lock(asked).insert(path.as_os_str().to_owned(), answer.clone());
    answer
}

fn sorted<T>(asked: Asked<T>) -> BTreeMap<OsString, T> {
    asked.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
}

/// Where paths lead. A folder is followed once for all that is in it, and for each of its
/// files one question is left: whether it is a link itself. A walk has answered it.
#[derive(Debug, Default)]
pub(crate) struct Links {
    folders: Mutex<HashMap<OsString, Option<PathBuf>>>,
    /// Scripts that are no links.
    plain: Mutex<HashSet<OsString>>,
}

impl Links {
    /// The path without links; none if it leads nowhere.
    pub(crate) fn follow(&self, path: &Path) -> Option<PathBuf> {
        let is_of_folder = path.as_os_str().as_bytes().last() == Some(&b'/');
        let (folder, name) = match (path.parent(), path.file_name()) {
            (Some(folder), Some(name)) if !is_of_folder && folder != Path::new("") => {
                (folder, name)
            }
            _ => return path.canonicalize().ok(),
        };
        let real = self.folder(folder)?.join(name);
        if lock(&self.plain).contains(path.as_os_str()) {
            return Some(real);
        }
        let is_link = real.symlink_metadata().ok()?.is_symlink();
        if is_link { real.canonicalize().ok() } else { Some(real) }
    }

    fn folder(&self, path: &Path) -> Option<PathBuf> {
        if let Some(known) = lock(&self.folders).get(path.as_os_str()) {
            return known.clone();
        }
        let real = path.canonicalize().ok();
        lock(&self.folders).insert(path.as_os_str().to_owned(), real.clone());
        real
    }

    /// The scripts below a folder, but for what is below `except`.
    pub(crate) fn scripts(&self, folder: &Path, except: &Path) -> Vec<Script> {
        let scripts = glob::scripts(folder, except);
        let plain = scripts.iter().filter(|script| !script.is_link);
        lock(&self.plain).extend(plain.map(|script| script.path.as_os_str().to_owned()));
        scripts
    }

    fn clear(&self) {
        lock(&self.folders).clear();
        lock(&self.plain).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_as_the_system_does() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        std::fs::create_dir_all(at("a/b")).unwrap();
        std::fs::write(at("a/b/f.php"), "").unwrap();
        symlink("b/f.php", at("a/l.php")).unwrap();
        symlink("a/b", at("d")).unwrap();
        symlink("nowhere", at("broken")).unwrap();
        symlink("loop", at("loop")).unwrap();
        let links = Links::default();
        for path in [
            "a/b/f.php",
            "a/l.php",
            "d/f.php",
            "d",
            "d/..",
            "d/../l.php",
            "a/./b/f.php",
            "broken",
            "loop",
            "loop/x",
            "a/none",
            "a/b/f.php/",
            "a/b/f.php/x",
            "a/b/",
            "a/b/.",
        ] {
            let path = at(path);
            assert_eq!(links.follow(&path), path.canonicalize().ok(), "{}", path.display());
        }
    }
}
