//! The inventory as a file that is committed, and what has changed since.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use tilde_resident::Fact;

use super::files::Files;
use super::report;
use crate::args::OutputFormat;
use crate::commands::build::count;
use crate::console::Console;
use crate::disk::{self, Outcome, Write};
use crate::escape::escaped_bytes;
use crate::excerpt::Excerpt;
use crate::exit::ExitStatus;
use crate::inputs;
use crate::problem::{Error, Place, Problem, Severity};
use crate::rules::{self, Rules};

/// The code of a difference.
const CODE: &str = "T-STATE-SNAPSHOT";

/// A file that was written some time ago.
pub(super) struct Known {
    text: Vec<u8>,
    /// How often it has each line.
    lines: BTreeMap<Vec<u8>, usize>,
}

/// Reads such a file.
pub(super) fn read(path: &Path) -> Result<Known, Problem> {
    let text = disk::read(path).map_err(|error| {
        disk::unreadable(path, &error).help("write it with `tilde state --snapshot FILE`")
    })?;
    let mut lines = BTreeMap::new();
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        *lines.entry(line.to_vec()).or_default() += 1;
    }
    Ok(Known { text, lines })
}

impl Known {
    /// Whether it has the line of a fact.
    pub(super) fn has(&self, files: &Files, fact: &Fact) -> bool {
        self.lines.contains_key(&tilde_resident::line(fact, |file| name(files, file)))
    }
}

fn name(files: &Files, file: usize) -> Vec<u8> {
    files.paths[file].as_os_str().as_bytes().to_vec()
}

/// Writes the list of all facts.
pub(super) fn write(
    path: &Path,
    files: &Files,
    facts: &[Fact],
    console: Console,
) -> Result<ExitStatus, Error> {
    let text = tilde_resident::lines(facts, |file| name(files, file)).concat();
    if disk::is_dash(path) {
        inputs::print(&text)?;
        return Ok(ExitStatus::Done);
    }
    disk::check_output(path)?;
    let outcomes = disk::write_all(&[Write::new(path, &text)])?;
    let verb = if outcomes == [Outcome::Wrote] { "wrote" } else { "unchanged:" };
    console.note(format!(
        "{verb} {}: {}",
        path.display(),
        count(facts.len(), "piece") + " of state"
    ));
    Ok(ExitStatus::Done)
}

/// Says what is new and what is gone.
pub(super) fn check(
    path: &Path,
    files: &Files,
    facts: &[Fact],
    rules: &[Rules],
    console: Console,
) -> Result<ExitStatus, Error> {
    let mut known = read(path)?;
    let mut added = Vec::new();
    for fact in facts {
        let line = tilde_resident::line(fact, |file| name(files, file));
        match known.lines.get_mut(&line) {
            Some(left) if *left > 0 => *left -= 1,
            _ => added.push((line, fact)),
        }
    }
    let mut problems: Vec<Problem> = added
        .iter()
        .map(|(line, fact)| {
            let message = format!("{} does not have this: {}", path.display(), text(line));
            report::problem_as(files, fact, CODE, message)
        })
        .collect();
    let removed = removed(&known);
    problems.extend(removed.iter().map(|(line, at)| gone(path, &known, line, *at)));
    rules::apply(rules, &mut problems);
    let is_counted = |problem: &&Problem| problem.severity != Severity::Note;
    let counted = problems.iter().filter(is_counted).count();
    match console.format() {
        OutputFormat::Text if console.is_quiet() => {}
        OutputFormat::Text => inputs::print(&diff(path, &added, &removed))?,
        _ => {
            super::print(&problems, console)?;
        }
    }
    let pieces = count(facts.len(), "piece");
    console.note_beside(match problems.len() {
        0 => format!("{pieces} of state, as {} has it", path.display()),
        _ => format!(
            "{} new and {} gone of {pieces} of state; see that they may, and write {} again",
            added.len(),
            removed.len(),
            path.display()
        ),
    });
    Ok(if counted == 0 { ExitStatus::Done } else { ExitStatus::Findings })
}

/// The lines that no fact has taken, with the byte where they begin.
fn removed(known: &Known) -> Vec<(&[u8], usize)> {
    let mut left = known.lines.clone();
    let mut at = 0;
    let mut removed = Vec::new();
    for line in known.text.split_inclusive(|byte| *byte == b'\n') {
        if let Some(left) = left.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            removed.push((line, at));
        }
        at += line.len();
    }
    removed
}

fn gone(path: &Path, known: &Known, line: &[u8], at: usize) -> Problem {
    let message = format!("{} has this, and it is gone: {}", path.display(), text(line));
    let excerpt = Excerpt::new(&known.text, at..at + line.trim_ascii_end().len());
    let place = Place { path: path.to_owned(), excerpt, note: String::new() };
    Problem { severity: Severity::Warning, ..Problem::error(CODE, message) }.at(place)
}

/// A line without its line break.
fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line.trim_ascii_end()).into_owned()
}

/// Both sides as a diff without context, in the order of the lines.
fn diff(path: &Path, added: &[(Vec<u8>, &Fact)], removed: &[(&[u8], usize)]) -> Vec<u8> {
    if added.is_empty() && removed.is_empty() {
        return Vec::new();
    }
    let name = escaped_bytes(path.as_os_str().as_bytes());
    let mut lines: Vec<(&[u8], u8)> = removed.iter().map(|(line, _)| (*line, b'-')).collect();
    lines.extend(added.iter().map(|(line, _)| (line.as_slice(), b'+')));
    lines.sort_unstable_by(|a, b| (a.0, b.1).cmp(&(b.0, a.1)));
    let mut text =
        [b"--- ", &*name, b" (on disk)\n+++ ", &*name, b" (would be written)\n"].concat();
    for (line, sign) in lines {
        text.push(sign);
        text.extend(line.trim_ascii_end());
        text.push(b'\n');
    }
    text
}
