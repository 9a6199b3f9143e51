//! The standing checks over sources spliced from pieces of the fixtures.
//!
//! A piece may begin and end anywhere: half a token, half a statement.

#![allow(clippy::unwrap_used)]

mod standing;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/syntax");
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
    fn spliced_fixtures_pass_the_standing_checks(pieces in prop::collection::vec(piece(), 1..6)) {
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

fn piece() -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(fixture, start, end)| {
        let source = fixture.get(&FIXTURES);
        let rest = &source[start.index(source.len() + 1)..];
        rest[..end.index(rest.len() + 1)].to_vec()
    })
}

/// A fixture without its opening tag, to stand behind others.
fn whole() -> impl Strategy<Value = Vec<u8>> {
    any::<Index>().prop_map(|fixture| {
        let source = fixture.get(&FIXTURES);
        [&b"?>"[..], source, b"\n"].concat()
    })
}
