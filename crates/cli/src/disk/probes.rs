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
        self.answer(|answers| &mut answers.files, path, Path::is_file)
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

    /// All paths that were asked about, but for those of members and their folders.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.answers().files.keys().cloned().collect()
    }

    /// Forgets all answers.
    pub(crate) fn clear(&self) {
        *self.answers() = Answers::default();
    }
}
