//! How a run ended, as scripts see it.
//!
//! The three numbers are part of the command contract. A closed pipe
//! (`tilde tokens a.php | head`) changes none of them.

use std::process::ExitCode;

/// The exit status of a run. The order is the severity, so that the status of
/// several steps is their `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitStatus {
    /// 0: done, and nothing to report.
    Done,
    /// 1: done, but with findings or differences.
    Findings,
    /// 2: could not do it.
    Failed,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}
