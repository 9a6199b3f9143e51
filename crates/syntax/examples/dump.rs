//! Prints the trees of the files of a list in the form of `docs/tree-dump.md`:
//! `cargo run --release -p tilde-syntax --example dump -- VERSION LIST`.

#![allow(clippy::unwrap_used)] // writing into a string never fails

use std::io::Write;

use tilde_syntax::{Arena, Options, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(version), Some(list)) = (arguments.next(), arguments.next()) else {
        return Err("usage: dump VERSION LIST".into());
    };
    let options = Options::new(version.parse()?);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut arena = Arena::new();
    for path in std::fs::read_to_string(list)?.lines() {
        let source = std::fs::read(path)?;
        writeln!(out, "# {path}")?;
        match parse(&source, options, &arena) {
            Ok(tree) => out.write_all(tilde_testing::dump::dump(&tree).as_bytes())?,
            Err(error) => writeln!(out, "error {} {error}", error.line)?,
        }
        arena.reset();
    }
    Ok(())
}
