//! The commands, a file each. Each takes its arguments and the console, and
//! returns how it ended; reporting errors is left to `main`.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod diff;
pub(crate) mod docker;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod module;
pub(crate) mod phar;
pub(crate) mod review;
pub(crate) mod shell;
pub(crate) mod state;
pub(crate) mod strip;
pub(crate) mod tokens;
pub(crate) mod trace;
pub(crate) mod watch;
pub(crate) mod r#where;
