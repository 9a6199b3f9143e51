//! Every recorded ThinkPHP application, built by the real binary.
//!
//! `testdata/thinkphp/README.md` says what a case is. `caches.rs` compares what
//! tilde writes with what the framework's own builder wrote, `answers.rs` asks
//! the applications themselves, `findings.rs` looks at what tilde says.
//! `TILDE_THINKPHP=3.1/` or `=2.0/gbk` runs only the cases whose name contains
//! that.

// Clippy's own exception for tests does not reach their helpers.
#![allow(clippy::unwrap_used)]
// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

mod answers;
mod caches;
mod case;
mod evaluation;
mod findings;
