//! What a build asked of the file system, and what it was told.
//!
//! Whether there is a file at a path, and where a path leads, decides about code too,
//! so `watch` has to know it, and so has whoever uses a result again. Answers are
//! remembered: a build asks for the folder of each member, and one that is repeated asks
//! for all of them again.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::scope::Stamp;

/// The SHA-256 of a file's bytes.
pub(crate) type Hash = [u8; 32];

/// Answers of the file system.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    answers: Mutex<Answers>,
    /// Whether to note which bytes files had.
    notes_reads: bool,
}

/// What was asked and answered, by paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) files: BTreeMap<PathBuf, bool>,
    pub(crate) folders: BTreeMap<PathBuf, bool>,
    pub(crate) real: BTreeMap<PathBuf, Option<PathBuf>>,
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
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a file.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        self.answer(|answers| &mut answers.files, path, Path::is_file)
    }

    /// Whether there is a folder.
    pub(super) fn is_dir(&self, path: &Path) -> bool {
        self.answer(|answers| &mut answers.folders, path, Path::is_dir)
    }

    /// Where a path leads.
    pub(super) fn realpath(&self, path: &Path) -> Option<PathBuf> {
        self.answer(|answers| &mut answers.real, path, |path| path.canonicalize().ok())
    }

    /// What is known, or what the file system says, which nobody else waits for.
    fn answer<T: Clone>(
        &self,
        of: fn(&mut Answers) -> &mut BTreeMap<PathBuf, T>,
        path: &Path,
        ask: impl Fn(&Path) -> T,
    ) -> T {
        if let Some(known) = of(&mut self.answers()).get(path) {
            return known.clone();
        }
        let answer = ask(path);
        of(&mut self.answers()).insert(path.to_owned(), answer.clone());
        answer
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

    /// All paths that were asked about, but for those of members and their folders.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.answers().files.keys().cloned().collect()
    }

    /// All that was asked and answered.
    pub(crate) fn into_answers(self) -> Answers {
        self.answers.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all answers.
    pub(crate) fn clear(&self) {
        *self.answers() = Answers::default();
    }
}
