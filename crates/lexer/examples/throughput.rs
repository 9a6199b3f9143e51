//! Lexes the files of a list again and again on one thread and prints how fast
//! that is: `cargo run --release -p tilde-lexer --example throughput -- LIST RUNS`.
//!
//! LIST names a file a line. All are read before the clock starts. A run makes
//! every token of every file with its length and its line.

use std::error::Error;
use std::hint::black_box;

use tilde_lexer::{Options, Version, lines};

fn main() -> Result<(), Box<dyn Error>> {
    tilde_testing::measure::print_speed(|sources| {
        for source in sources {
            for (token, _, line) in lines(source, Options::new(Version::V8_2)) {
                black_box((token, line));
            }
        }
    })
}
