//! Where the code of an output came from: source maps, version 3.
//!
//! The proof makes them. It pairs each token of a finished part with the token of
//! the member that it is, so that a map says only what was proved, in every style.
//! Lines end as PHP counts them (`\n`, `\r\n` or a lone `\r`), and columns count
//! bytes, not characters.

mod read;
mod vlq;

use crate::print::Joined;
use crate::source::SourceId;

pub use self::read::{BadMappings, Mappings, Origin, Segment};

/// The map of one output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceMap {
    /// The members in it, in the order in which they first appear.
    pub sources: Vec<SourceId>,
    /// The value of `mappings`, with a segment for each token; their sources are
    /// indexes into `sources`.
    pub mappings: String,
}

/// A place in a text, both from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Point {
    line: u32,
    column: u32,
}

/// Goes through a text and counts lines.
struct Cursor<'a> {
    text: &'a [u8],
    offset: usize,
    line: u32,
    /// Where the line starts.
    start: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a [u8], offset: usize) -> Self {
        Self { text, offset, line: 0, start: offset }
    }

    /// The place of an offset that is not before the last one.
    fn advance(&mut self, to: usize) -> Point {
        while let Some(start) = line_start(self.text, self.offset, to) {
            self.line += 1;
            (self.offset, self.start) = (start, start);
        }
        self.offset = self.offset.max(to);
        Point { line: self.line, column: to.saturating_sub(self.start) as u32 }
    }
}

/// The first start of a line after `from` and up to `to`.
fn line_start(text: &[u8], from: usize, to: usize) -> Option<usize> {
    let rest = text.get(from..to)?;
    let is_end = |at: &usize| rest[*at] == b'\n' || text.get(from + at + 1) != Some(&b'\n');
    let end = memchr::memchr2_iter(b'\n', b'\r', rest).find(is_end)?;
    Some(from + end + 1)
}

/// What the proof of a part notes, token by token.
pub(crate) struct Trace<'a> {
    output: Cursor<'a>,
    source: Cursor<'a>,
    part: PartMap,
    is_mapped: bool,
}

/// The segments of a part, relative to its start.
pub(crate) struct PartMap {
    /// Where code of the bundle's own stands before all else.
    own: Option<Point>,
    /// The first token of the member: in the output and in the source.
    first: Option<(Point, Point)>,
    /// The segments after it, encoded.
    rest: Vec<u8>,
    /// The last segment: in the output, and the last place in the source.
    last: (Point, Point),
    is_mapped: bool,
}

impl<'a> Trace<'a> {
    /// Of a part of an output from this offset on.
    pub(crate) fn new(output: &'a [u8], start: usize, text: &'a [u8]) -> Self {
        let last = (Point::default(), Point::default());
        let part = PartMap { own: None, first: None, rest: Vec::new(), last, is_mapped: false };
        let (output, source) = (Cursor::new(output, start), Cursor::new(text, 0));
        Self { output, source, part, is_mapped: false }
    }

    /// A token of the member, from its place in the output and in the source on.
    pub(crate) fn kept(&mut self, mut output: usize, mut source: usize, len: usize) {
        let end = output + len;
        loop {
            let places = (self.output.advance(output), self.source.advance(source));
            self.map(places.0, places.1);
            // Whoever looks for a line finds nothing of what began before it.
            match line_start(self.output.text, output, end).filter(|next| *next < end) {
                None => return,
                Some(next) => (output, source) = (next, source + next - output),
            }
        }
    }

    /// A token that stands for something in the source.
    pub(crate) fn replaced(&mut self, output: usize, source: usize) {
        let (output, source) = (self.output.advance(output), self.source.advance(source));
        let (line, last) = (self.part.last.0.line, self.part.last.1);
        if !self.is_mapped || line != output.line || last != source {
            self.map(output, source);
        }
    }

    /// A token of the bundle's own.
    pub(crate) fn own(&mut self, output: usize) {
        let output = self.output.advance(output);
        if self.part.first.is_none() {
            self.part.own.get_or_insert(output);
        } else if std::mem::take(&mut self.is_mapped) {
            self.step(output);
        }
    }

    fn map(&mut self, output: Point, source: Point) {
        self.is_mapped = true;
        if self.part.first.is_none() {
            self.part.first = Some((output, source));
            self.part.last = (output, source);
            return;
        }
        self.step(output);
        vlq::put_source(&mut self.part.rest, 0, difference(self.part.last.1, source));
        self.part.last.1 = source;
    }

    fn step(&mut self, output: Point) {
        vlq::put_step(&mut self.part.rest, self.part.last.0, output, true);
        self.part.last.0 = output;
    }

    pub(crate) fn finish(self) -> PartMap {
        PartMap { is_mapped: self.is_mapped, ..self.part }
    }
}

/// How many lines and columns a place is after another.
fn difference(from: Point, to: Point) -> (i64, i64) {
    let minus = |to: u32, from: u32| i64::from(to) - i64::from(from);
    (minus(to.line, from.line), minus(to.column, from.column))
}

/// The map of a file from those of its parts; code of the bundle's own has none.
pub(crate) fn join(joined: &Joined, parts: &[Option<(SourceId, &PartMap)>]) -> SourceMap {
    let mut file = File::default();
    let mut cursor = Cursor::new(joined.bytes.whole(), 0);
    for (part, placed) in parts.iter().zip(&joined.parts) {
        let start = Start { at: cursor.advance(placed.start), cut: placed.cut };
        match part {
            None => file.own(start.at),
            Some((source, part)) => file.part(*source, part, start),
        }
    }
    let mappings = String::from_utf8(file.mappings).expect("segments are letters and digits");
    SourceMap { sources: file.sources, mappings }
}

/// Where a part starts in its file.
#[derive(Clone, Copy)]
struct Start {
    at: Point,
    /// A blank that the part began with and that is not there any more.
    cut: Option<u8>,
}

impl Start {
    /// The place in the file of one in the part.
    fn place(self, mut point: Point) -> Point {
        match self.cut {
            Some(b'\n') => point.line = point.line.saturating_sub(1),
            Some(_) if point.line == 0 => point.column = point.column.saturating_sub(1),
            _ => {}
        }
        let column = if point.line == 0 { self.at.column } else { 0 };
        Point { line: self.at.line + point.line, column: column + point.column }
    }
}

/// What is known of the segments so far.
#[derive(Default)]
struct File {
    mappings: Vec<u8>,
    sources: Vec<SourceId>,
    output: Point,
    source: Point,
    /// The source of the last segment.
    index: u32,
    is_mapped: bool,
    has_segment: bool,
}

impl File {
    fn part(&mut self, of: SourceId, part: &PartMap, start: Start) {
        if let Some(own) = part.own {
            self.own(start.place(own));
        }
        let Some((output, source)) = part.first else { return };
        self.step(start.place(output));
        let index = self.index_of(of);
        vlq::put_source(
            &mut self.mappings,
            i64::from(index) - i64::from(self.index),
            difference(self.source, source),
        );
        self.mappings.extend_from_slice(&part.rest);
        self.index = index;
        (self.output, self.source) = (start.place(part.last.0), part.last.1);
        self.is_mapped = part.is_mapped;
    }

    fn own(&mut self, output: Point) {
        if std::mem::take(&mut self.is_mapped) {
            self.step(output);
        }
    }

    fn step(&mut self, output: Point) {
        let is_after_one = std::mem::replace(&mut self.has_segment, true);
        vlq::put_step(&mut self.mappings, self.output, output, is_after_one);
        self.output = output;
    }

    /// The pieces of a member stand one after the other.
    fn index_of(&mut self, source: SourceId) -> u32 {
        if self.sources.last() != Some(&source) {
            self.sources.push(source);
        }
        self.sources.len() as u32 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_php_counts_them() {
        let text = b"a\nb\r\nc\rd\r\r\n\n";
        let mut cursor = Cursor::new(text, 0);
        let lines: Vec<u32> = (0..=text.len()).map(|at| cursor.advance(at).line).collect();
        assert_eq!(lines, [0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6]);
        assert_eq!(Cursor::new(text, 0).advance(7), Point { line: 3, column: 0 });
        assert_eq!(Cursor::new(text, 0).advance(4), Point { line: 1, column: 2 });
    }
}
