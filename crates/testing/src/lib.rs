//! What the tests of several crates share: the files that they read, sources in memory,
//! random numbers, mutants, and what holds of any source whatever.

// What fails here fails a test, which is what it should do.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, clippy::must_use_candidate)]

pub mod composer;
pub mod dump;
pub mod files;
pub mod measure;
pub mod mutation;
pub mod npm;
pub mod pieces;
pub mod rng;
pub mod sources;
pub mod tokens;
pub mod trees;
