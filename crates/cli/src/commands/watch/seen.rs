//! How the files of a build looked at some moment.
//!
//! Two looks that are equal do not prove that bytes are: a file system counts time in
//! ticks, and not every one tells all that happens. So whoever relies on looking alone
//! compares bytes too, a share of them each time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::Asked;
use crate::disk;
use crate::scope::{self, Scope, Stamp};

#[derive(Default)]
pub(super) struct Seen {
    stamps: BTreeMap<PathBuf, Option<Stamp>>,
}

impl Seen {
    pub(super) fn of(scope: &Scope) -> Self {
        let mut seen = Self::default();
        for path in &scope.files {
            seen.stamps.insert(path.clone(), scope::stamp(path));
        }
        // A build that failed for want of an output's folder works once it is
        // there; what else happens in that folder does not matter.
        for path in &scope.outputs {
            let folder = disk::folder_of(path);
            seen.stamps.insert(folder.to_owned(), scope::stamp(folder));
        }
        seen
    }

    /// Also what was asked for, as it looked then.
    pub(super) fn join(&mut self, scope: &Scope, asked: &Asked) {
        let mut all = Self::of(scope);
        all.stamps.append(&mut self.stamps);
        all.stamps.extend(asked.stamps.clone());
        *self = all;
    }

    /// Looks at one file again.
    pub(super) fn look(&mut self, path: &Path) {
        self.stamps.insert(path.to_owned(), scope::stamp(path));
    }

    /// Whether a file has changed since.
    pub(super) fn is_outdated(&self, scope: &Scope) -> bool {
        !Self::of(scope).changes(self).is_empty()
    }

    /// The files that have changed since `old`.
    pub(super) fn changes(&self, old: &Self) -> BTreeSet<PathBuf> {
        let differs = |path: &&PathBuf| self.stamps.get(*path) != old.stamps.get(*path);
        self.stamps.keys().chain(old.stamps.keys()).filter(differs).cloned().collect()
    }

    /// The files' absolute paths, as events have them, to those of the scope.
    pub(super) fn names(&self, scope: &Scope) -> HashMap<PathBuf, PathBuf> {
        let mut names = HashMap::new();
        let mut folders: BTreeMap<&Path, PathBuf> = BTreeMap::new();
        for path in scope.files.iter().chain(self.stamps.keys()) {
            let folder = disk::folder_of(path);
            let absolute =
                folders.entry(folder).or_insert_with(|| folder.canonicalize().unwrap_or_default());
            let name = absolute.join(path.file_name().unwrap_or_default());
            if name.is_symlink()
                && let Ok(target) = name.canonicalize()
            {
                names.insert(target, path.clone());
            }
            names.insert(name, path.clone());
        }
        names
    }

    /// The files in turn, from one on.
    pub(super) fn paths_from(&self, start: usize) -> impl Iterator<Item = &PathBuf> {
        self.stamps.keys().skip(start).chain(self.stamps.keys().take(start))
    }

    pub(super) fn len(&self) -> usize {
        self.stamps.len()
    }
}
