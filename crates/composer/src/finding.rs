//! What is wrong with a project, and what to do.

use std::ops::Range;
use std::path::PathBuf;

/// One finding. It stops the build, unless it is a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is only good to know.
    pub is_note: bool,
    /// What happened; starts in lower case, no full stop.
    pub message: String,
    /// The file that it is about, and the bytes in it.
    pub place: Option<(PathBuf, Range<usize>)>,
    /// What to do.
    pub help: String,
}

impl Finding {
    pub(crate) fn error(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { is_note: false, message: message.into(), place: None, help: help.into() }
    }

    pub(crate) fn at(mut self, path: impl Into<PathBuf>, span: Range<usize>) -> Self {
        self.place = Some((path.into(), span));
        self
    }
}
