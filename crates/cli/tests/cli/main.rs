//! The command line, tested from outside: the real binary in fresh folders.

#[path = "../util/mod.rs"]
mod util;

mod bad_input;
mod build;
mod check;
mod strip;
mod tokens;
mod watch;
