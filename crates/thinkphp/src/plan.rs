//! What caches are made of, before a byte of them is printed.

use std::path::PathBuf;

use tilde_bundle::SourceId;
use tilde_bundle::Style;

/// A cache whose code is not compiled yet.
pub(crate) struct Plan {
    pub(crate) path: PathBuf,
    pub(crate) head: &'static str,
    pub(crate) parts: Vec<Part>,
    /// What comes behind all parts and is in no edit but [`Edit::Unguard`].
    pub(crate) tail: Vec<u8>,
    pub(crate) edit: Edit,
    /// None where blanks and comments stay.
    pub(crate) style: Option<Style>,
    pub(crate) newer_than: Option<PathBuf>,
}

/// What a cache is made of.
pub(crate) enum Part {
    /// Code that the framework makes: constants, calls.
    Text(Vec<u8>),
    /// A compiled file.
    File { source: SourceId, blocks: BlocksHere },
    /// What an earlier plan has made, less its five first bytes.
    Cache(usize),
}

/// What becomes of the blocks of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlocksHere {
    Stay,
    Go,
    /// 3.2's own way to compile.
    AfterStripping,
}

/// What becomes of the code of a whole cache before it is stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    None,
    /// `defined('THINK_PATH') or exit();` becomes a blank.
    Unguard,
    /// `Think::start()` no longer looks for the cache.
    CutLookup,
}

/// The guard at the head of 3.x's files, as it goes.
pub(crate) const GUARD: &[u8] = b"defined('THINK_PATH') or exit();";
