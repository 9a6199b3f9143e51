//! What went wrong, in the words of this crate.
//!
//! A [`Problem`] is ready to be shown: it owns the few lines of source around
//! its place and no more, so that the sources themselves can go early. The
//! diagnostics of the bundler become problems in `compile.rs`.

use std::fmt;
use std::io;
use std::path::PathBuf;

pub(crate) use tilde_bundle::Severity;

use crate::allow::Allowance;
use crate::commands::build::count;
use crate::excerpt::Excerpt;

/// A finding: an error that stopped the work, or a warning.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) severity: Severity,
    /// Stable, for machines: `T-READ`.
    pub(crate) code: &'static str,
    /// What happened, in one line: lower case at the start, no full stop at the
    /// end.
    pub(crate) message: String,
    /// Where; the first place is the primary one. Empty when it is no place in
    /// a text, such as a full disk.
    pub(crate) places: Vec<Place>,
    /// What to do about it, in lines.
    pub(crate) help: Vec<String>,
    /// A comment in the source that allows it.
    pub(crate) allowed: Option<Box<Allowance>>,
}

impl Problem {
    /// An error without a place in a text.
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            places: Vec::new(),
            help: Vec::new(),
            allowed: None,
        }
    }

    /// The same with this advice.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = vec![help.into()];
        self
    }

    /// The same with one more place.
    pub(crate) fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.places.extend(place.into());
        self
    }

    pub(crate) fn is_error(&self) -> bool {
        match self.severity {
            Severity::Error => true,
            Severity::Warning | Severity::Note => false,
        }
    }
}

/// How many errors and warnings there are, if there is one: `2 errors, 1 warning`.
pub(crate) fn tally(problems: &[Problem]) -> Option<String> {
    let count = |severity, noun| {
        let number = problems.iter().filter(|problem| problem.severity == severity).count();
        (number > 0).then(|| count(number, noun))
    };
    let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// Whether there are so many errors and warnings that a count helps.
pub(crate) fn is_many(problems: &[Problem]) -> bool {
    problems.iter().filter(|problem| problem.severity != Severity::Note).nth(1).is_some()
}

/// A place in a text file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) excerpt: Excerpt,
    /// What is to say about this very place; may be empty.
    pub(crate) note: String,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// The problems to show; at least one is an error.
    Problems(Vec<Problem>),
    /// Standard output took no more.
    Stdout(io::Error),
}

impl From<Problem> for Vec<Problem> {
    fn from(problem: Problem) -> Self {
        vec![problem]
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Problems(problems)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => {
                let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
                f.write_str(&messages.join("; "))
            }
            Self::Stdout(error) => write!(f, "cannot write to standard output: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Problems(_) => None,
            Self::Stdout(error) => Some(error),
        }
    }
}
