//! Lexes one file with its lines, for `scripts/linear` to count instructions.
//! It takes rules of all ages, one after the other, with all tags on.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use tilde_lexer::{Options, Version, lines};

fn main() {
    let source = std::fs::read(std::env::args_os().nth(1).unwrap()).unwrap();
    for version in [Version::V5_2, Version::V7_2, Version::V8_2, Version::V8_5] {
        let options = Options::new(version).with_short_tags(true).with_asp_tags(true);
        for token in lines(&source, options) {
            black_box(token);
        }
    }
}
