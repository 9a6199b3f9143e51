//! A comparison as a unified diff.
//!
//! The rows are those of the comparison, one statement each, not lines of the outputs;
//! line numbers in the headers of hunks are the outputs', so that they can be looked up.
//! Hunks stand below the source that they came from.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use bstr::ByteSlice as _;

use super::{Comparison, Hunk, Line, Tag, What, words};
use crate::commands::build::count;
use crate::escape::{escaped, shown};

/// Characters of a long row before and after what differs in it.
const BEFORE: usize = 60;
const AFTER: usize = 120;

/// So many rows of one hunk are shown, unless all are wanted.
const MAX_HUNK: usize = 24;

const BOLD: &str = "1";
const CYAN: &str = "36";

/// How much of a diff is shown, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) is_coloured: bool,
    /// So many rows; all of them and their whole length, if there is none.
    pub(crate) max_rows: Option<usize>,
}

/// The hunks of a comparison, source by source.
pub(crate) fn hunks(comparison: &Comparison, look: Look) -> Vec<u8> {
    let mut writer = Writer { comparison, look, text: Vec::new(), rows: 0 };
    let groups = by_source(comparison);
    let mut hidden = 0;
    for (source, hunks) in &groups {
        let is_full = |writer: &Writer<'_>| look.max_rows.is_some_and(|max| writer.rows >= max);
        if is_full(&writer) {
            hidden += hunks.len();
            continue;
        }
        if let Some(source) = source {
            writer.line(BOLD, format!("from {}", shown(source)).as_bytes());
        }
        for (index, hunk) in hunks {
            if is_full(&writer) {
                hidden += 1;
            } else {
                writer.hunk(*index, hunk);
            }
        }
    }
    writer.same();
    if hidden > 0 {
        let hunks = count(hidden, "more hunk");
        writer.line("", format!("... and {hunks}; --full shows all").as_bytes());
    }
    writer.text
}

/// The rows of a hunk without colours, for reports that are no text.
pub(crate) fn rows(comparison: &Comparison, hunk: &Hunk) -> Vec<String> {
    let row = |line: &Line| {
        let text = &comparison.row(line).text;
        let text = text[..text.len().min(AFTER + BEFORE)].to_str_lossy();
        format!("{}{}", sign(line.tag), escaped(&text))
    };
    hunk.lines.iter().take(MAX_HUNK).map(row).collect()
}

type Group<'c> = (Option<&'c Path>, Vec<(usize, &'c Hunk)>);

/// The hunks by their sources, in the order in which these first appear; each with the
/// index of its change.
fn by_source(comparison: &Comparison) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (index, change) in comparison.changes.iter().enumerate() {
        for hunk in &change.hunks {
            let source = hunk.origin.as_ref().map(|origin| &*origin.path);
            match groups.iter_mut().find(|(other, _)| *other == source) {
                Some((_, hunks)) => hunks.push((index, hunk)),
                None => groups.push((source, vec![(index, hunk)])),
            }
        }
    }
    groups
}

struct Writer<'c> {
    comparison: &'c Comparison,
    look: Look,
    text: Vec<u8>,
    rows: usize,
}

impl Writer<'_> {
    fn hunk(&mut self, change: usize, hunk: &Hunk) {
        self.header(change, hunk);
        let shown = self.look.max_rows.map_or(usize::MAX, |_| MAX_HUNK);
        let mut left = shown;
        let runs: Vec<&[Line]> = hunk
            .lines
            .chunk_by(|one, other| (one.tag == Tag::Equal) == (other.tag == Tag::Equal))
            .collect();
        for run in runs {
            if run[0].tag == Tag::Equal {
                for line in run.iter().take(left) {
                    self.row(line, &[]);
                }
            } else {
                self.replaced(run, left);
            }
            left = left.saturating_sub(run.len());
        }
        let hidden = hunk.lines.len().saturating_sub(shown);
        if hidden > 0 {
            self.line("", format!(" ... {hidden} more rows").as_bytes());
        }
    }

    fn header(&mut self, change: usize, hunk: &Hunk) {
        let comparison = self.comparison;
        let count = |other: Tag| hunk.lines.iter().filter(|line| line.tag != other).count();
        let first = hunk.lines[0];
        let old = comparison.old.rows.get(first.old).map_or(0, |row| row.line);
        let new = comparison.new.rows.get(first.new).map_or(0, |row| row.line);
        let mut header =
            format!("@@ -{old},{} +{new},{} @@", count(Tag::Added), count(Tag::Removed));
        if let Some(origin) = &hunk.origin {
            let _ = write!(header, " {}:{}", shown(&origin.path), origin.line);
        }
        let change = &comparison.changes[change];
        if change.kind != super::symbol::SymbolKind::Outside {
            let _ = write!(header, " in {}", escaped(&change.symbol));
        }
        if hunk.lines.iter().all(|line| line.tag == Tag::Equal || line.is_moved) {
            header += " (moved)";
        }
        self.line(CYAN, header.as_bytes());
    }

    /// Rows that take each other's place; each is compared with its counterpart.
    fn replaced(&mut self, run: &[Line], left: usize) {
        let of = |tag: Tag| run.iter().filter(move |line| line.tag == tag);
        let row = |line: &Line| &*self.comparison.row(line).text;
        let pairs = of(Tag::Removed).zip(of(Tag::Added));
        let is_long = |text: &[u8]| text.len() > BEFORE + AFTER;
        let is_wanted = |old: &[u8], new: &[u8]| {
            self.look.is_coloured || self.look.max_rows.is_some() && (is_long(old) || is_long(new))
        };
        let differing = |(old, new): (&Line, &Line)| {
            let (old, new) = (row(old), row(new));
            if is_wanted(old, new) { words::differing(old, new) } else { None }
        };
        let marks: Vec<_> = pairs.map(differing).map(Option::unwrap_or_default).collect();
        let (mut removed, mut added) = (0, 0);
        for line in run.iter().take(left) {
            let mark = match line.tag {
                Tag::Removed => {
                    removed += 1;
                    marks.get(removed - 1).map(|(old, _)| old)
                }
                Tag::Added | Tag::Equal => {
                    added += 1;
                    marks.get(added - 1).map(|(_, new)| new)
                }
            };
            self.row(line, mark.map(Vec::as_slice).unwrap_or_default());
        }
    }

    fn row(&mut self, line: &Line, marks: &[Range<usize>]) {
        self.rows += 1;
        let text = &self.comparison.row(line).text;
        let colour = match (line.tag, line.is_moved) {
            (Tag::Equal, _) => "",
            (_, true) => "35",
            (Tag::Removed, false) => "31",
            (Tag::Added, false) => "32",
        };
        let window = match self.look.max_rows {
            Some(_) => window(text, marks),
            None => 0..text.len(),
        };
        let mut shown = vec![sign(line.tag) as u8];
        if window.start > 0 {
            shown.extend_from_slice(b"...");
        }
        self.emphasised(&mut shown, text, &window, marks, colour);
        if window.end < text.len() {
            shown.extend_from_slice(format!("... ({} bytes)", text.len()).as_bytes());
        }
        self.line(colour, &shown);
    }

    /// The text within the window, with marks in reverse.
    fn emphasised(
        &self,
        shown: &mut Vec<u8>,
        text: &[u8],
        window: &Range<usize>,
        marks: &[Range<usize>],
        colour: &str,
    ) {
        let mut at = window.start;
        for mark in marks.iter().filter(|_| self.look.is_coloured) {
            let (start, end) = (mark.start.clamp(at, window.end), mark.end.clamp(at, window.end));
            if start == end {
                continue;
            }
            shown.extend_from_slice(&text[at..start]);
            shown.extend_from_slice(b"\x1b[7m");
            shown.extend_from_slice(&text[start..end]);
            shown.extend_from_slice(format!("\x1b[0m\x1b[{colour}m").as_bytes());
            at = end;
        }
        shown.extend_from_slice(&text[at..window.end]);
    }

    /// What has another name or place and is the same.
    fn same(&mut self) {
        for change in &self.comparison.changes {
            let symbol = escaped(&change.symbol);
            match &change.what {
                What::Moved => self.line(CYAN, format!("moved {symbol}").as_bytes()),
                What::Renamed { from } => {
                    let line = format!("renamed {} to {symbol}", escaped(from));
                    self.line(CYAN, line.as_bytes());
                }
                What::Added | What::Removed | What::Changed => {}
            }
        }
    }

    fn line(&mut self, colour: &str, line: &[u8]) {
        paint(&mut self.text, self.look.is_coloured, colour, line);
    }
}

/// Adds the two lines that name the sides of a diff.
pub(crate) fn head(text: &mut Vec<u8>, is_coloured: bool, old: &str, new: &str) {
    paint(text, is_coloured, BOLD, format!("--- {old}").as_bytes());
    paint(text, is_coloured, BOLD, format!("+++ {new}").as_bytes());
}

/// Adds a line in a colour, given by its ANSI code; in none for `""`.
pub(crate) fn paint(text: &mut Vec<u8>, is_coloured: bool, colour: &str, line: &[u8]) {
    if is_coloured && !colour.is_empty() {
        text.extend_from_slice(format!("\x1b[{colour}m").as_bytes());
        text.extend_from_slice(line);
        text.extend_from_slice(b"\x1b[0m");
    } else {
        text.extend_from_slice(line);
    }
    text.push(b'\n');
}

/// The part of a row that is shown: around the first mark, between characters.
fn window(text: &[u8], marks: &[Range<usize>]) -> Range<usize> {
    if text.len() <= BEFORE + AFTER {
        return 0..text.len();
    }
    let focus = marks.first().map_or(0, |mark| mark.start);
    let is_start = |at: &usize| text.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80);
    let start = focus.saturating_sub(BEFORE);
    let start = (start..text.len()).find(is_start).unwrap_or(start);
    let end = (start + BEFORE + AFTER).min(text.len());
    start..(end..=text.len()).find(is_start).unwrap_or(text.len())
}

fn sign(tag: Tag) -> char {
    match tag {
        Tag::Equal => ' ',
        Tag::Removed => '-',
        Tag::Added => '+',
    }
}

/// The sources of a comparison with the rows that were added to and removed from each.
pub(crate) fn stat(comparison: &Comparison) -> Vec<(Option<PathBuf>, usize, usize)> {
    let count = |hunks: &[(usize, &Hunk)], tag: Tag| {
        let lines = hunks.iter().flat_map(|(_, hunk)| &hunk.lines);
        lines.filter(|line| line.tag == tag).count()
    };
    let row = |(source, hunks): Group<'_>| {
        (source.map(Path::to_owned), count(&hunks, Tag::Added), count(&hunks, Tag::Removed))
    };
    by_source(comparison).into_iter().map(row).collect()
}
