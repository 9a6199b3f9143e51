//! Any bytes in any style, under any version and settings, which the first
//! three bytes choose: no panic, and in the styles `lines` and `tight` the same
//! tokens, a fixed point and no line break lost. From the parent folder (there
//! is no unsafe code to need a sanitizer):
//!
//!     RUSTC_BOOTSTRAP=1 cargo fuzz run -s none strip fuzz/corpus/strip ../../testdata/lexer -- -max_len=512
//!
//! The fixtures are seeds as they are: their first three bytes are lost.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tilde_bundle::{Docs, StripOptions, Style};
use tilde_lexer::{IntSize, Options, Version};

#[path = "../../tests/rules/mod.rs"]
#[allow(dead_code)] // only the tests look for needless gaps
mod rules;

fuzz_target!(|data: &[u8]| {
    if let [style, version, settings, source @ ..] = data {
        let style = Style::ALL[usize::from(*style) % Style::ALL.len()];
        let docs = if settings & 8 == 0 { Docs::Keep } else { Docs::Drop };
        let options = StripOptions::new(lexer(*version, *settings), style, docs);
        assert_eq!(rules::broken(source, options), None);
    }
});

fn lexer(version: u8, settings: u8) -> Options {
    Options::new(Version::ALL[usize::from(version) % Version::ALL.len()])
        .with_short_tags(settings & 1 != 0)
        .with_asp_tags(settings & 2 != 0)
        .with_int_size(if settings & 4 == 0 { IntSize::Eight } else { IntSize::Four })
}
