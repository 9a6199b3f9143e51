//! `tilde phar list`: the entries of an archive, in its order.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tilde_phar::Entry;

use super::args::ListEntriesArgs;
use super::{open, print_json, shown, utc};
use crate::console::Console;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::Error;

pub(crate) fn run(args: &ListEntriesArgs, console: Console) -> Result<ExitStatus, Error> {
    let opened = open(&args.archive)?;
    let entries = opened.archive.entries();
    if console.is_json() {
        print_json(&entries.map(|entry| json(&entry)).collect::<Value>())?;
    } else {
        inputs::print(text(entries).as_bytes())?;
    }
    Ok(ExitStatus::Done)
}

/// Permissions, size, stored size, compression, time and name.
fn text<'a>(entries: impl Iterator<Item = Entry<'a>>) -> String {
    let mut text = String::new();
    for entry in entries {
        // A `String` takes all that is written to it.
        let _ = writeln!(
            text,
            "{:04o} {:>10} {:>10}  {:<4}  {}  {}",
            entry.mode,
            entry.size,
            entry.stored_len,
            entry.compression.as_str(),
            utc(entry.time),
            shown(entry.name)
        );
    }
    text
}

fn json(entry: &Entry<'_>) -> Value {
    json!({
        "name": String::from_utf8_lossy(entry.name),
        "bytes": entry.size,
        "stored": entry.stored_len,
        "compression": entry.compression.as_str(),
        "crc": format!("{:08x}", entry.crc),
        "mode": format!("{:04o}", entry.mode),
        "time": entry.time,
        "directory": entry.is_directory,
    })
}
