//! Pieces of the fixtures, to splice sources from.

use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::files;

/// The fixtures of a part of `testdata`, in the order that makes a seed always
/// mean the same.
pub fn fixtures(part: &str) -> Vec<Vec<u8>> {
    files::fixtures(part).into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A piece of a fixture, which may begin and end anywhere.
pub fn piece(fixtures: &'static [Vec<u8>]) -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), any::<Index>(), any::<Index>()).prop_map(|(fixture, start, end)| {
        let source = fixture.get(fixtures);
        let rest = &source[start.index(source.len() + 1)..];
        rest[..end.index(rest.len() + 1)].to_vec()
    })
}
