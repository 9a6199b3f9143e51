//! The few lines of a source that a message shows.
//!
//! Sources are bytes and a terminal wants text, so the lines around a span are
//! copied into a string: bytes that are no UTF-8 become `\xNN`, tabs become
//! blanks, and very long lines are cut to a window around the span. The span is
//! carried along. Columns count what an editor counts, characters of the
//! original line, not of the copy.
//!
//! A source may have as many findings as lines, or all in one line. So that a
//! thousand excerpts do not read it a thousand times, [`Lines`] knows where lines
//! start, and how many characters there are up to some places in long ones.

use std::fmt::Write as _;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use bstr::ByteSlice as _;

use crate::escape::is_control;

/// Lines before and after the span.
const CONTEXT_LINES: usize = 1;
/// A span is shown up to this many lines.
const SPAN_LINES: usize = 4;
/// Characters shown before the span, and after its start, in a long line.
const BEFORE: usize = 60;
const AFTER: usize = 100;
const TAB: &str = "    ";

/// A window of a source with a marked span.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Excerpt {
    /// Where the span starts and ends (exclusive).
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The lines to show, as text; may be empty.
    pub(crate) text: String,
    /// The line number of the first of them.
    pub(crate) first_line: usize,
    /// The span in `text`, in bytes.
    pub(crate) span: Range<usize>,
}

/// Line and column, both from 1. Columns count characters; a byte that is no
/// UTF-8 counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Excerpt {
    /// The lines around `span`, a range of bytes that is cut to `source`. Where
    /// several are taken of one source, [`Lines::excerpt`] is for that.
    pub(crate) fn new(source: &[u8], span: Range<usize>) -> Self {
        Lines::of(source).excerpt(source, span)
    }
}

/// So many bytes of a long line are counted again for a column, at the most.
const STEP: usize = 1024;

/// Where the lines of a source start.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    /// The first is 0; one at the end of the source is a line without bytes.
    starts: Vec<usize>,
    /// Places within long lines, and how many characters of the line are before.
    steps: Vec<(usize, usize)>,
}

impl Lines {
    /// Reads the source once.
    pub(crate) fn of(source: &[u8]) -> Self {
        let mut lines = Self { starts: vec![0], steps: Vec::new() };
        let mut start = 0;
        while let len @ 1.. = line_len(&source[start..]) {
            if len > STEP {
                lines.count(&source[start..start + len], start);
            }
            start += len;
            if matches!(source[start - 1], b'\n' | b'\r') {
                lines.starts.push(start);
            }
        }
        lines
    }

    fn count(&mut self, line: &[u8], start: usize) {
        let mut next = STEP;
        for (before, (at, _, _)) in line.char_indices().enumerate() {
            if at >= next {
                self.steps.push((start + at, before));
                next = at + STEP;
            }
        }
    }

    /// How many there are; what follows the last line break is one, if it has bytes.
    pub(crate) fn len(&self, source: &[u8]) -> usize {
        let last = self.starts.last().copied().unwrap_or_default();
        self.starts.len() - usize::from(last == source.len())
    }

    /// The lines around `span`, a range of bytes that is cut to `source`, which
    /// is the one that was read.
    pub(crate) fn excerpt(&self, source: &[u8], span: Range<usize>) -> Excerpt {
        let from = span.start.min(source.len());
        let to = span.end.clamp(from, source.len());
        let bare = self.bare(source, span);
        let (start, end) = (bare.start, bare.end);
        let first_line = start.line.saturating_sub(CONTEXT_LINES).max(1);
        let last = end.line.min(start.line + SPAN_LINES - 1) + CONTEXT_LINES;
        let mut window = Window { text: String::new(), from, to, span: None, end: 0 };
        for line in first_line..=last.min(self.starts.len()) {
            let range = self.range(source, line);
            // After the last line break there is a line only for a span in it.
            if range.is_empty() && line > end.line {
                break;
            }
            let text = source[range.clone()].trim_end_with(|c| c == '\n' || c == '\r');
            window.line(text, range.start);
        }
        let begin = window.span.unwrap_or(window.text.len());
        let span = begin..window.end.max(begin);
        Excerpt { start, end, first_line, span, text: window.text }
    }

    /// The place alone, without the text: for one that is hardly ever shown.
    pub(crate) fn bare(&self, source: &[u8], span: Range<usize>) -> Excerpt {
        let from = span.start.min(source.len());
        let to = span.end.clamp(from, source.len());
        let (start, end) = (self.position(source, from), self.position(source, to));
        Excerpt { start, end, text: String::new(), first_line: start.line, span: 0..0 }
    }

    /// The bytes of a line, with its line break.
    fn range(&self, source: &[u8], line: usize) -> Range<usize> {
        let start = self.starts.get(line - 1).copied().unwrap_or(source.len());
        start..self.starts.get(line).copied().unwrap_or(source.len())
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Where a line starts, from 1; 0 for one that is not there.
    pub(crate) fn start(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0)
    }

    fn position(&self, source: &[u8], offset: usize) -> Position {
        let line = self.line(offset);
        let start = self.starts[line - 1];
        let step = self.steps.partition_point(|(at, _)| *at <= offset).checked_sub(1);
        let step = step.map(|step| self.steps[step]).filter(|(at, _)| *at >= start);
        let (at, before) = step.unwrap_or((start, 0));
        Position { line, column: before + source[at..offset].chars().count() + 1 }
    }
}

/// The length of the first line with its line break. As for PHP, `\r` alone
/// ends a line too.
fn line_len(text: &[u8]) -> usize {
    match text.find_byteset(b"\r\n") {
        None => text.len(),
        Some(at) if text[at..].starts_with(b"\r\n") => at + 2,
        Some(at) => at + 1,
    }
}

/// The text under construction. `from` and `to` are the span in the source.
struct Window {
    text: String,
    from: usize,
    to: usize,
    span: Option<usize>,
    end: usize,
}

impl Window {
    /// Adds `line`, which starts at `offset` in the source, without its break.
    fn line(&mut self, line: &[u8], offset: usize) {
        let focus = self.from.saturating_sub(offset).min(line.len());
        let mut before = line[..focus].char_indices().rev();
        let begin = before.nth(BEFORE - 1).map_or(0, |(start, _, _)| start);
        let is_cut_before = before.next().is_some() && line.len() > BEFORE + AFTER;
        let begin = if is_cut_before { begin } else { 0 };
        if is_cut_before {
            self.text.push_str("...");
        }
        let characters = line[begin..].char_indices();
        for (shown, (start, end, character)) in characters.enumerate() {
            self.mark(offset + begin + start);
            if shown == BEFORE + AFTER {
                self.text.push_str("...");
                break;
            }
            self.character(&line[begin + start..begin + end], character);
            if offset + begin + end <= self.to {
                self.end = self.text.len();
            }
        }
        self.mark(offset + line.len());
        self.text.push('\n');
    }

    /// Notes the start of the span when the source has come to it.
    fn mark(&mut self, offset: usize) {
        if self.span.is_none() && offset >= self.from {
            self.span = Some(self.text.len());
        }
    }

    fn character(&mut self, bytes: &[u8], character: char) {
        let is_text = bytes.to_str().is_ok() && !is_control(character);
        if character == '\t' {
            self.text.push_str(TAB);
        } else if is_text {
            self.text.push(character);
        } else {
            for byte in bytes {
                let _ = write!(self.text, "\\x{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(source: &[u8], span: Range<usize>) -> (usize, usize, String) {
        let excerpt = Excerpt::new(source, span);
        let text = &excerpt.text[excerpt.span.clone()];
        (excerpt.start.line, excerpt.start.column, text.to_owned())
    }

    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        assert_eq!(marked(b"<?php\n\techo \xd6\xd0;\n", 12..14), (2, 7, r"\xD6\xD0".to_owned()));
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(marked("é = x".as_bytes(), 5..6), (1, 5, "x".to_owned()));
    }

    #[test]
    fn long_lines_are_cut() {
        let mut source = vec![b'a'; 100_000];
        source[50_000] = b'X';
        let excerpt = Excerpt::new(&source, 50_000..50_001);
        assert_eq!(&excerpt.text[excerpt.span.clone()], "X");
        assert!(excerpt.text.len() < 200);
        assert_eq!(excerpt.start.column, 50_001);
    }

    #[test]
    fn carriage_returns_end_lines() {
        assert_eq!(marked(b"a\rb\r\nc\nd", 7..8), (4, 1, "d".to_owned()));
    }

    #[test]
    fn the_end_of_the_source_has_a_place() {
        assert_eq!(marked(b"<?php\n", 6..6), (2, 1, String::new()));
        assert_eq!(marked(b"", 0..9), (1, 1, String::new()));
        assert_eq!(marked(b"a\nbc", 4..4), (2, 3, String::new()));
    }

    #[test]
    fn a_span_over_many_lines_is_cut() {
        let source = b"a\nb\nc\nd\ne\nf\ng\nh\n".repeat(9);
        let excerpt = Excerpt::new(&source, 2..100);
        assert_eq!(excerpt.text.lines().count(), 6);
        assert_eq!(excerpt.first_line, 1);
    }
}
