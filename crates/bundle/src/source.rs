//! The members of a bundle as bytes, and where those come from.
//!
//! The core never touches a disk: it asks a [`Sources`]. A newcomer would take
//! a source for text, but it is bytes in whatever encoding its author used.

use std::io;
use std::path::{Path, PathBuf};

/// Where the bytes of a path come from: a disk, a map in a test.
pub trait Sources: Sync {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    ///
    /// Whatever kept the file from being read; [`build`](crate::build) turns
    /// it into a `T-READ` diagnostic.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
}

/// One member of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the recipe gives it.
    pub path: PathBuf,
    /// The file's bytes; empty when it could not be read.
    pub text: Vec<u8>,
}

/// A source of a [`Build`](crate::Build): an index into its `sources`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

impl SourceId {
    /// The id as an index into `Build::sources`.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
