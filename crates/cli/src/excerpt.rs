//! The few lines of a source that a message shows.
//!
//! Sources are bytes and a terminal wants text, so the lines around a span are
//! copied into a string: bytes that are no UTF-8 become `\xNN`, tabs become
//! blanks, and very long lines are cut to a window around the span. The span is
//! carried along. Columns count what an editor counts, characters of the
//! original line, not of the copy.

use std::fmt::Write as _;
use std::ops::Range;

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
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    /// Where the span starts and ends (exclusive).
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The lines to show, as text.
    pub(crate) text: String,
    /// The line number of the first of them.
    pub(crate) first_line: usize,
    /// The span in `text`, in bytes.
    pub(crate) span: Range<usize>,
}

/// Line and column, both from 1. Columns count characters; a byte that is no
/// UTF-8 counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Excerpt {
    /// The lines around `span`, a range of bytes that is cut to `source`.
    pub(crate) fn new(source: &[u8], span: Range<usize>) -> Self {
        let from = span.start.min(source.len());
        let to = span.end.clamp(from, source.len());
        let start = Place::of(source, from);
        let end = Place::of(source, to);

        let last = end.line.min(start.line + SPAN_LINES - 1) + CONTEXT_LINES;
        let mut window = Window { text: String::new(), from, to, span: None, end: 0 };
        let mut line_start = start.line_start;
        let mut first_line = start.line;
        for _ in 0..CONTEXT_LINES {
            if line_start > 0 {
                line_start = Place::of(source, line_start - 1).line_start;
                first_line -= 1;
            }
        }
        for line in first_line..=last {
            let rest = &source[line_start..];
            let len = line_len(rest);
            window.line(rest[..len].trim_end_with(|c| c == '\n' || c == '\r'), line_start);
            line_start += len;
            if len == 0 || (line_start == source.len() && line >= end.line) {
                break;
            }
        }
        let begin = window.span.unwrap_or(window.text.len());
        Self {
            start: start.position(source, from),
            end: end.position(source, to),
            first_line,
            span: begin..window.end.max(begin),
            text: window.text,
        }
    }

    /// The lines around what of `span` stands from one of its lines on.
    pub(crate) fn from_line(source: &[u8], span: Range<usize>, line: usize) -> Self {
        let to = span.end.min(source.len());
        let mut from = span.start.min(to);
        let mut at = Place::of(source, from).line;
        while at < line && from < to {
            from += line_len(&source[from..to]);
            at += 1;
        }
        Self::new(source, from..to)
    }

    /// A line without the blanks around it, and the lines around it.
    pub(crate) fn of_line(source: &[u8], line: usize) -> Self {
        let mut start = 0;
        for _ in 1..line {
            start += line_len(&source[start..]);
        }
        let text = source[start..start + line_len(&source[start..])].trim_ascii_end();
        let from = start + text.len() - text.trim_ascii_start().len();
        Self::new(source, from..start + text.len())
    }
}

/// A line and where it starts.
struct Place {
    line: usize,
    line_start: usize,
}

impl Place {
    /// The line that `offset` is in.
    fn of(source: &[u8], offset: usize) -> Self {
        let mut place = Self { line: 1, line_start: 0 };
        while let len @ 1.. = line_len(&source[place.line_start..]) {
            let next = place.line_start + len;
            let is_ended = matches!(source[next - 1], b'\n' | b'\r');
            if next > offset || !is_ended {
                break;
            }
            place = Self { line: place.line + 1, line_start: next };
        }
        place
    }

    fn position(&self, source: &[u8], offset: usize) -> Position {
        let before = &source[self.line_start..offset];
        Position { line: self.line, column: before.chars().count() + 1 }
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
        let is_cut_before = line[..focus].chars().count() > BEFORE && line.len() > BEFORE + AFTER;
        let begin = if is_cut_before {
            line[..focus].char_indices().rev().nth(BEFORE - 1).map_or(0, |(start, _, _)| start)
        } else {
            0
        };
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
    fn a_span_can_be_taken_from_one_of_its_lines_on() {
        let place = |line| {
            let excerpt = Excerpt::from_line(b"a 'b\nc\r\nd' e", 2..10, line);
            (excerpt.start.line, excerpt.start.column, excerpt.text[excerpt.span].to_owned())
        };
        assert_eq!(place(1), (1, 3, "'b\nc\nd'".to_owned()));
        assert_eq!(place(3), (3, 1, "d'".to_owned()));
        assert_eq!((place(4).0, place(99).0), (3, 3));
    }

    #[test]
    fn a_line_is_marked_without_its_blanks() {
        let text = |line| {
            let excerpt = Excerpt::of_line(b"a\r\n \tb c \n\nd", line);
            (excerpt.start.line, excerpt.start.column, excerpt.text[excerpt.span].to_owned())
        };
        assert_eq!(text(2), (2, 3, "b c".to_owned()));
        assert_eq!(text(3), (3, 1, String::new()));
        assert_eq!(text(4), (4, 1, "d".to_owned()));
    }

    #[test]
    fn a_span_over_many_lines_is_cut() {
        let source = b"a\nb\nc\nd\ne\nf\ng\nh\n".repeat(9);
        let excerpt = Excerpt::new(&source, 2..100);
        assert_eq!(excerpt.text.lines().count(), 6);
        assert_eq!(excerpt.first_line, 1);
    }
}
