//! Sources and the places in them.
//!
//! A span is two numbers, which mean nothing without the bytes that they count.
//! Here they stay together: a [`Location`] holds its source, and a node that
//! outlives the frame of its file is [`Located`], to be reached again only in a
//! frame of the same file. So the span of one file never meets the text of
//! another.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tilde_syntax::Span;

use crate::evaluator::FileId;

/// The path of a source and its bytes.
pub(crate) struct Source {
    path: PathBuf,
    text: Vec<u8>,
}

impl Source {
    pub(crate) fn new(path: PathBuf, text: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { path, text })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// A range of bytes in a source.
#[derive(Clone)]
pub struct Location {
    source: Arc<Source>,
    span: Span,
}

impl Location {
    /// The place of these bytes; the end of the source where it has fewer.
    pub(crate) fn new(source: &Arc<Source>, span: Span) -> Self {
        let len = u32::try_from(source.text.len()).unwrap_or(u32::MAX);
        let start = span.start.min(len);
        let span = Span { start, end: span.end.clamp(start, len) };
        Self { source: source.clone(), span }
    }

    /// The file, as it was asked for.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.source.path
    }

    /// All bytes of the file, as they were when it was read.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        &self.source.text
    }

    /// The range, within [`Self::source`].
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The bytes of the range.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.span.of(&self.source.text)
    }

    /// The line where the range begins, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        line_at(&self.source.text, self.span.start)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.source.path.display(), self.span)
    }
}

/// A part of the tree of a file. It can be asked about its shape anywhere, and
/// is handed out only by [`crate::Evaluator`] in a frame of its file.
#[derive(Clone, Copy)]
pub(crate) struct Located<T> {
    file: FileId,
    node: T,
}

impl<T: Copy> Located<T> {
    pub(crate) fn new(file: FileId, node: T) -> Self {
        Self { file, node }
    }

    pub(crate) fn file(self) -> FileId {
        self.file
    }

    /// An answer that needs no text. No node gets out: it does not live as long.
    pub(crate) fn ask<R: 'static>(&self, question: impl FnOnce(&T) -> R) -> R {
        question(&self.node)
    }

    /// The node, for a frame of this file.
    ///
    /// # Panics
    ///
    /// If the frame is of another file.
    pub(crate) fn in_file(self, file: FileId) -> T {
        assert!(self.file == file, "a node is used in a frame of its own file");
        self.node
    }
}

/// The line of an offset, from 1: PHP ends a line with LF, CR LF or CR.
pub(crate) fn line_at(source: &[u8], offset: u32) -> u32 {
    let end = (offset as usize).min(source.len());
    let mut line = 1;
    for (index, byte) in source[..end].iter().enumerate() {
        let is_break = match byte {
            b'\n' => true,
            b'\r' => source.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        line += u32::from(is_break);
    }
    line
}
