//! What a build asked of the file system besides bytes, and what it was told.
//!
//! Whether there is a file at a path, and where a path leads, decides about code too,
//! so `watch` has to know it. Answers are remembered: a build asks for the folder of
//! each member, and one that is repeated asks for all of them again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers of the file system.
#[derive(Debug, Default)]
pub(crate) struct Probes(Mutex<Answers>);

#[derive(Debug, Default)]
struct Answers {
    files: BTreeMap<PathBuf, bool>,
    real: BTreeMap<PathBuf, Option<PathBuf>>,
}

impl Probes {
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a file.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        let mut answers = self.answers();
        *answers.files.entry(path.to_owned()).or_insert_with(|| path.is_file())
    }

    /// Where a path leads.
    pub(super) fn realpath(&self, path: &Path) -> Option<PathBuf> {
        let known = self.answers().real.get(path).cloned();
        known.unwrap_or_else(|| {
            let real = path.canonicalize().ok();
            self.answers().real.insert(path.to_owned(), real.clone());
            real
        })
    }

    /// All paths that were asked about, but for those of members and their folders.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.answers().files.keys().cloned().collect()
    }

    /// Forgets all answers.
    pub(crate) fn clear(&self) {
        *self.answers() = Answers::default();
    }
}
