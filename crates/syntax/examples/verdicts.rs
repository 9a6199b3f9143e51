//! Parses the files of a list as a version of PHP does and prints a line a file:
//! `cargo run --release -p tilde-syntax --example verdicts -- VERSION LIST`.
//!
//! The form is that of `scripts/oracle/verdicts.mjs`, so that the two can be
//! compared: the file, then `ok`, or the line and the message, between tabs. A
//! fatal error of PHP's parser has `ok` before its line.

use std::io::Write;

use tilde_syntax::{Arena, Options, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(version), Some(list)) = (arguments.next(), arguments.next()) else {
        return Err("usage: verdicts VERSION LIST".into());
    };
    let options = Options::new(version.parse()?);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut arena = Arena::new();
    for path in std::fs::read_to_string(list)?.lines() {
        let source = std::fs::read(path)?;
        match parse(&source, options, &arena) {
            Ok(_) => writeln!(out, "{path}\tok")?,
            Err(error) if error.is_parse_error() => {
                writeln!(out, "{path}\t{}\t{error}", error.line)?;
            }
            Err(error) => writeln!(out, "{path}\tok\t{}\t{error}", error.line)?,
        }
        arena.reset();
    }
    Ok(())
}
