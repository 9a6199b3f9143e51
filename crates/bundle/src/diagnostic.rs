//! What a build has to say: findings with a stable code and places in sources.
//!
//! A diagnostic is data; rendering it is the caller's. Line and column are not
//! here, because a label counts bytes and only a message needs lines.

use std::ops::Range;

use crate::source::SourceId;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The bundle is not written.
    Error,
    /// The bundle is written, but look at this.
    Warning,
    /// The bundle is written and does what it should; good to know.
    Note,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the build can go on.
    pub severity: Severity,
    /// A stable code such as `T-MAGIC`.
    pub code: &'static str,
    /// What happened; starts in lower case, no full stop.
    pub message: String,
    /// The places it is about; the first one is the primary one.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding that stops the build.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A finding that the build goes on after.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    /// A finding that is good to know.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: String) -> Self {
        Self { severity, code, message, labels: Vec::new(), help: None }
    }

    /// The same with one more place.
    #[must_use]
    pub fn label(mut self, source: SourceId, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { source, span, text: text.into() });
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding with all its labels in this source.
    pub(crate) fn of(mut self, source: SourceId) -> Self {
        self.labels.iter_mut().for_each(|label| label.source = source);
        self
    }
}

/// A place in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The source it lies in.
    pub source: SourceId,
    /// The bytes it covers.
    pub span: Range<usize>,
    /// What is said about them; may be empty.
    pub text: String,
}
