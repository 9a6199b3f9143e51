//! Parses the files of a list again and again on one thread and prints how fast
//! that is: `cargo run --release -p tilde-syntax --example throughput -- LIST RUNS`.
//!
//! LIST names a file a line. All are read before the clock starts. A run makes
//! the tokens, blanks and comments among them, and the tree of every file.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tilde_syntax::{Arena, Options, Version, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(list), Some(runs)) = (arguments.next(), arguments.next()) else {
        return Err("usage: throughput LIST RUNS".into());
    };
    let runs: usize = runs.parse()?;
    let sources: Vec<Vec<u8>> =
        std::fs::read_to_string(list)?.lines().map(std::fs::read).collect::<Result<_, _>>()?;
    let bytes: usize = sources.iter().map(Vec::len).sum();

    let mut times: Vec<Duration> = (0..runs.max(1)).map(|_| time(&sources)).collect();
    times.sort_unstable();
    let median = times[times.len() / 2];
    println!(
        "{} files, {:.1} MB: median of {} runs {:.1} MB/s",
        sources.len(),
        bytes as f64 / 1e6,
        times.len(),
        bytes as f64 / 1e6 / median.as_secs_f64(),
    );
    Ok(())
}

fn time(sources: &[Vec<u8>]) -> Duration {
    let options = Options::new(Version::V8_2);
    let mut arena = Arena::new();
    let start = Instant::now();
    for source in sources {
        let _ = black_box(parse(source, options, &arena));
        arena.reset();
    }
    start.elapsed()
}
