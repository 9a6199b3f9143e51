//! The standing checks over sources spliced from pieces of the fixtures.
//!
//! A piece may begin and end anywhere: half a token, half a line break.

#![allow(clippy::unwrap_used)]

mod standing;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/lexer");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The order of a folder is chance, and a seed must always mean the same.
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "php"));
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spliced_fixtures_pass_the_standing_checks(pieces in prop::collection::vec(piece(), 1..8)) {
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

fn piece() -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(fixture, start, end)| {
        let source = fixture.get(&FIXTURES);
        let rest = &source[start.index(source.len() + 1)..];
        rest[..end.index(rest.len() + 1)].to_vec()
    })
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
