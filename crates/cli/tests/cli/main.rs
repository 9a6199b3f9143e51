//! The command line, tested from outside: the real binary in fresh folders.

// A failure anywhere here fails the test, which is what it should do.
#![allow(clippy::unwrap_used)]
// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]

#[path = "../util/mod.rs"]
mod util;

mod bad_input;
mod budget;
mod build;
mod cache;
mod check;
mod ci;
mod commands;
mod composer;
mod diff;
mod docker;
mod documents;
mod faults;
mod formats;
mod frameworks;
mod help;
mod init;
mod kill;
mod layers;
mod lint;
mod members;
mod module;
mod names;
mod packaging;
mod phar;
mod places;
mod ranges;
mod review;
mod rules;
mod shell;
mod signals;
mod state;
mod streams;
mod strip;
mod terminal;
mod thinkphp;
mod tokens;
mod trust;
mod watch;
mod watch_faults;
mod watch_random;
