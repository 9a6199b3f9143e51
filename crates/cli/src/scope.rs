//! What a build depends on, for `watch`.
//!
//! Filled while the project is worked out, also when that fails halfway: the
//! change that mends a project must be seen. Folders are watched, not files,
//! because a file that is replaced by another is lost to a watch on it.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::disk::{self, Identity};

/// Files and folders whose change may change the outputs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// Every input, configuration and list; some may not exist.
    pub(crate) files: BTreeSet<PathBuf>,
    /// The folders to watch; some may not exist.
    pub(crate) folders: BTreeSet<PathBuf>,
    /// The folders of which all that is below counts.
    pub(crate) trees: BTreeSet<PathBuf>,
    /// What the build writes.
    pub(crate) outputs: BTreeSet<PathBuf>,
    /// Nobody asks, and nothing is noted.
    is_ignored: bool,
}

impl Scope {
    /// One that takes note of nothing, for a build that happens once.
    pub(crate) fn ignored() -> Self {
        Self { is_ignored: true, ..Self::default() }
    }

    pub(crate) fn file(&mut self, path: &Path) {
        if self.is_ignored {
            return;
        }
        self.files.insert(path.to_owned());
        self.folders.insert(disk::folder_of(path).to_owned());
    }

    pub(crate) fn folder(&mut self, path: &Path) {
        if self.is_ignored {
            return;
        }
        self.folders.insert(path.to_owned());
    }

    /// All that is below a folder now, and what will be.
    pub(crate) fn tree(&mut self, path: &Path) {
        if self.is_ignored {
            return;
        }
        self.file(path);
        self.trees.insert(path.to_owned());
        for entry in WalkDir::new(path).follow_links(true).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_dir() {
                self.folder(entry.path());
            } else {
                self.file(entry.path());
            }
        }
    }

    pub(crate) fn output(&mut self, path: &Path) {
        if self.is_ignored {
            return;
        }
        self.outputs.insert(path.to_owned());
        self.folders.insert(disk::folder_of(path).to_owned());
    }

    /// Folders to watch for what happens to others: those above them, as far as they
    /// are below the current folder, and those in which links to them lie.
    pub(crate) fn above(&self) -> BTreeSet<PathBuf> {
        let here = std::env::current_dir().unwrap_or_default();
        let mut above = BTreeSet::new();
        let mut known = BTreeSet::new();
        for folder in self.folders.iter().filter_map(|it| std::path::absolute(it).ok()) {
            for path in folder.ancestors().take_while(|path| known.insert(path.to_path_buf())) {
                let is_below = |it: &&Path| it.starts_with(&here) || path.is_symlink();
                above.extend(path.parent().filter(is_below).map(Path::to_owned));
            }
        }
        above
    }

    /// Also what `other` depends on.
    pub(crate) fn join(&mut self, other: &Self) {
        self.files.extend(other.files.iter().cloned());
        self.folders.extend(other.folders.iter().cloned());
        self.trees.extend(other.trees.iter().cloned());
        self.outputs.extend(other.outputs.iter().cloned());
    }
}

/// What changes when a file does: identity, length, times of contents and inode.
/// Of a folder only the identity counts, since builds write into folders.
pub(crate) type Stamp = (Identity, u64, (i64, i64), (i64, i64));

/// How a path looks just now; none if there is nothing.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    Some(stamp_of(&fs::metadata(path).ok()?))
}

/// How a file or folder looked when the system told this.
pub(crate) fn stamp_of(metadata: &Metadata) -> Stamp {
    let identity = Identity::of(metadata);
    if metadata.is_dir() {
        return (identity, 0, (0, 0), (0, 0));
    }
    let modified = (metadata.mtime(), metadata.mtime_nsec());
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    (identity, metadata.len(), modified, changed)
}
