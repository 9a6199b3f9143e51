//! What is wrong with a project, and what to do.
//!
//! Paths are data here: how they are shown is for those to say who know where a person is.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One finding. It stops the build, unless it is a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is only good to know.
    pub is_note: bool,
    /// What happened; starts in lower case, no full stop.
    pub message: Message,
    /// The file that it is about, and the bytes in it.
    pub place: Option<(PathBuf, Range<usize>)>,
    /// What to do.
    pub help: String,
}

impl Finding {
    pub(crate) fn error(message: impl Into<Message>, help: impl Into<String>) -> Self {
        Self { is_note: false, message: message.into(), place: None, help: help.into() }
    }

    pub(crate) fn note(message: impl Into<Message>, help: impl Into<String>) -> Self {
        Self { is_note: true, ..Self::error(message, help) }
    }

    pub(crate) fn at(mut self, path: impl Into<PathBuf>, span: Range<usize>) -> Self {
        self.place = Some((path.into(), span));
        self
    }
}

/// Words and real paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Words(Cow<'static, str>),
    Path(PathBuf),
}

impl Message {
    pub(crate) fn words(mut self, words: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Part::Words(words.into()));
        self
    }

    pub(crate) fn path(mut self, path: &Path) -> Self {
        self.0.push(Part::Path(path.to_owned()));
        self
    }

    /// The message, with each path as `shown` has it.
    pub fn text(&self, shown: impl Fn(&Path) -> PathBuf) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone().into_owned(),
            Part::Path(path) => shown(path).display().to_string(),
        };
        self.0.iter().map(part).collect()
    }
}

impl From<&'static str> for Message {
    fn from(words: &'static str) -> Self {
        Self::default().words(words)
    }
}

impl From<String> for Message {
    fn from(words: String) -> Self {
        Self::default().words(words)
    }
}
