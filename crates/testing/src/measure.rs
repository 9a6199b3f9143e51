//! How fast something goes through the files of a list.

use std::error::Error;
use std::time::{Duration, Instant};

/// Reads the files that LIST of the command line names, goes through them RUNS
/// times and prints the speed.
///
/// # Errors
///
/// What is wrong with the command line, or a file that cannot be read.
pub fn print_speed(go_through: impl Fn(&[Vec<u8>])) -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(list), Some(runs)) = (arguments.next(), arguments.next()) else {
        return Err("usage: LIST RUNS".into());
    };
    let runs: usize = runs.parse()?;
    let sources: Vec<Vec<u8>> =
        std::fs::read_to_string(list)?.lines().map(std::fs::read).collect::<Result<_, _>>()?;
    let bytes: usize = sources.iter().map(Vec::len).sum();

    let time = |_| {
        let start = Instant::now();
        go_through(&sources);
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..runs.max(1)).map(time).collect();
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
