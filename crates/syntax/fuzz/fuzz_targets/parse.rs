//! Any bytes under any version, which the first byte chooses: no panic, and a
//! tree that prints the source, or an error with a place in it. From the parent
//! folder (there is no unsafe code to need a sanitizer):
//!
//!     RUSTC_BOOTSTRAP=1 cargo fuzz run -s none parse fuzz/corpus/parse ../../testdata/syntax -- -max_len=512
//!
//! The fixtures are seeds as they are: their first byte is lost.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tilde_syntax::{Options, Version};
use tilde_testing::trees;


fuzz_target!(|data: &[u8]| {
    if let [version, source @ ..] = data {
        let version = Version::ALL[usize::from(*version) % Version::ALL.len()];
        trees::check(source, Options::new(version));
    }
});
