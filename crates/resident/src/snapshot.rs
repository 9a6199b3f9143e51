//! The inventory as text that is committed: a line for each fact, sorted. Lines have no line
//! numbers, so that a change shows where state changes and nowhere else.

use std::collections::BTreeSet;

use crate::facts::How;
use crate::inventory::{Fact, Kind};

/// The lines of all facts, each with its line break, sorted by their bytes. `path` is what a
/// file is called, by its place among those that were linked.
pub fn lines(facts: &[Fact], path: impl Fn(usize) -> Vec<u8>) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = facts.iter().map(|fact| line(fact, &path)).collect();
    lines.sort_unstable();
    lines
}

/// The line of a fact: `CODE rank NAME in FILE: replaced by A::b()`, and its line break.
pub fn line(fact: &Fact, path: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut line = format!("{} {} ", fact.code(), fact.rank).into_bytes();
    line.extend(&fact.name);
    let is_of_file = fact.kind != Kind::Global && fact.kind != Kind::Unknown;
    if is_of_file {
        line.extend(b" in ");
        line.extend(path(fact.site.file));
    }
    let is_state =
        matches!(fact.kind, Kind::Property | Kind::Variable | Kind::Global | Kind::Unknown);
    let mut writes = BTreeSet::new();
    for write in fact.writes.iter().filter(|_| is_state) {
        let by = if write.by.is_empty() { path(write.site.file) } else { write.by.clone() };
        let perhaps: &[u8] = if write.is_certain { b"" } else { b"perhaps " };
        writes.insert([perhaps, word(&write.how), b" by ", &by].concat());
    }
    for (index, write) in writes.into_iter().enumerate() {
        line.extend(if index == 0 { b": " } else { b", " });
        line.extend(write);
    }
    let mut text = escaped(&line);
    text.push(b'\n');
    text
}

/// Without control characters, which names of constants and files may have.
fn escaped(line: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(line.len() + 1);
    for byte in line {
        match byte {
            0..0x20 | 0x7f => text.extend(format!("\\x{byte:02X}").bytes()),
            _ => text.push(*byte),
        }
    }
    text
}

/// What a write does, in a word.
fn word(how: &How) -> &'static [u8] {
    match how {
        How::Replaced => b"replaced",
        How::Filled => b"filled",
        How::Counted => b"counted",
        How::Appended => b"appended",
        How::Keyed(_) => b"keyed",
        How::Element => b"element set",
        How::Inside => b"object changed",
        How::Referenced => b"referenced",
        How::Passed => b"passed",
        How::Removed => b"removed",
    }
}
