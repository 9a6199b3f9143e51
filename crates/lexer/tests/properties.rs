//! The standing checks over sources spliced from pieces of the fixtures.
//!
//! A piece may begin and end anywhere: half a token, half a line break.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use proptest::prelude::*;
use tilde_testing::pieces::{self, piece};
use tilde_testing::tokens as standing;

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| pieces::fixtures("lexer"));

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spliced_fixtures_pass_the_standing_checks(pieces in prop::collection::vec(piece(&FIXTURES), 1..8)) {
        let source = [&b"<?php "[..], &pieces.concat()].concat();
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }

    #[test]
    fn what_makes_gaps_passes_the_standing_checks(pieces in prop::collection::vec(gap_piece(), 0..40)) {
        let source = [&b"<?php "[..], &pieces.concat()].concat();
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }

    #[test]
    fn any_bytes_pass_the_standing_checks(source in prop::collection::vec(any::<u8>(), 0..200)) {
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }
}

/// A piece of what may stand between `yield` and `from`: it decides how far the
/// lexer looks ahead.
fn gap_piece() -> impl Strategy<Value = &'static [u8]> {
    prop::sample::select(vec![
        &b"yield"[..],
        b"from",
        b"enum",
        b"extends",
        b"Name",
        b"&",
        b"$a",
        b"#",
        b"#[",
        b"//",
        b"/*",
        b"*/",
        b"/*/",
        b"*",
        b"/",
        b"\n",
        b"\r",
        b" ",
        b"#\nyield\n",
    ])
}
