//! The standing checks over sources spliced from pieces of the fixtures.
//!
//! A piece may begin and end anywhere: half a token, half a statement.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use tilde_testing::pieces::{self, piece};
use tilde_testing::trees as standing;

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| pieces::fixtures("syntax"));

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spliced_fixtures_pass_the_standing_checks(pieces in prop::collection::vec(piece(&FIXTURES), 1..6)) {
        let source = [&b"<?php "[..], &pieces.concat()].concat();
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }

    #[test]
    fn joined_fixtures_pass_the_standing_checks(fixtures in prop::collection::vec(whole(), 2..5)) {
        let source = fixtures.concat();
        for options in standing::all_options() {
            standing::check(&source, options);
        }
    }
}

/// A fixture without its opening tag, to stand behind others.
fn whole() -> impl Strategy<Value = Vec<u8>> {
    any::<Index>().prop_map(|fixture| {
        let source = fixture.get(&FIXTURES);
        [&b"?>"[..], source, b"\n"].concat()
    })
}
