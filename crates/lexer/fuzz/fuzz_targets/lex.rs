//! Any bytes under any version and settings, which the first two bytes choose:
//! no panic, no lost byte, an end, and the same tokens three ways. From the
//! parent folder (there is no unsafe code to need a sanitizer):
//!
//!     RUSTC_BOOTSTRAP=1 cargo fuzz run -s none lex fuzz/corpus/lex ../../testdata/lexer -- -max_len=512
//!
//! The fixtures are seeds as they are: their first two bytes are lost.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tilde_lexer::{IntSize, Options, Version};
use tilde_testing::tokens;


fuzz_target!(|data: &[u8]| {
    if let [version, settings, source @ ..] = data {
        tokens::check(source, options(*version, *settings));
    }
});

fn options(version: u8, settings: u8) -> Options {
    Options::new(Version::ALL[usize::from(version) % Version::ALL.len()])
        .with_short_tags(settings & 1 != 0)
        .with_asp_tags(settings & 2 != 0)
        .with_int_size(if settings & 4 == 0 { IntSize::Eight } else { IntSize::Four })
}
