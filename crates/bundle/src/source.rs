//! The members of a bundle as bytes, in whatever encoding their authors used.

use std::path::Path;
use std::sync::Arc;

/// One member of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the recipe gives it.
    pub path: Arc<Path>,
    /// The file's bytes; empty when it could not be read. Whoever builds again shares
    /// them.
    pub text: Arc<Vec<u8>>,
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
