//! Parses the files of a list again and again on one thread and prints how fast
//! that is: `cargo run --release -p tilde-syntax --example parsing -- LIST RUNS`.
//!
//! LIST names a file a line. All are read before the clock starts. A run makes
//! the tokens, blanks and comments among them, and the tree of every file.

use std::error::Error;
use std::hint::black_box;

use tilde_syntax::{Arena, Options, Version, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::new(Version::V8_2);
    tilde_testing::measure::print_speed(|sources| {
        let mut arena = Arena::new();
        for source in sources {
            let _ = black_box(parse(source, options, &arena));
            arena.reset();
        }
    })
}
