//! The segments of a map, by the lines of the output.
//!
//! A map may have millions of segments, and who asks wants those of a few lines:
//! only where each line starts is kept. The bytes may be anybody's, so everything
//! is checked.

use std::fmt;

use super::vlq;

/// A place in a source; lines and columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// An index into the map's sources.
    pub source: u32,
    /// The line.
    pub line: u32,
    /// The column in bytes.
    pub column: u32,
}

/// What stands in a line of the output from a column on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The column in bytes, from 0.
    pub column: u32,
    /// Where it came from; none for code of the bundle's own.
    pub origin: Option<Origin>,
}

/// The text is no `mappings` of a source map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadMappings;

impl fmt::Display for BadMappings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its mappings are not those of a source map")
    }
}

impl std::error::Error for BadMappings {}

/// The segments of a map.
#[derive(Debug)]
pub struct Mappings {
    text: String,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where its segments are.
    start: usize,
    end: usize,
    before: State,
}

/// The last numbers, of which the next ones are differences.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    column: i64,
    source: i64,
    line: i64,
    source_column: i64,
}

impl Mappings {
    /// Reads `mappings` with so many sources.
    ///
    /// # Errors
    ///
    /// If the text is not in the format, or names a source that is not there.
    pub fn new(text: String, sources: usize) -> Result<Self, BadMappings> {
        let mut lines = Vec::new();
        let (mut state, mut start) = (State::default(), 0);
        for line in text.as_bytes().split(|byte| *byte == b';') {
            lines.push(Line { start, end: start + line.len(), before: state });
            start += line.len() + 1;
            state.column = 0;
            for segment in segments(line) {
                let origin = state.read(segment)?.origin;
                if origin.is_some_and(|origin| origin.source as usize >= sources) {
                    return Err(BadMappings);
                }
            }
        }
        Ok(Self { text, lines })
    }

    /// The number of lines up to the last one with segments.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no segment.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The segments of a line, counted from 0; none where it has none.
    #[must_use]
    pub fn line(&self, line: usize) -> Vec<Segment> {
        let Some(line) = self.lines.get(line) else { return Vec::new() };
        let mut state = State { column: 0, ..line.before };
        let text = &self.text.as_bytes()[line.start..line.end];
        segments(text).filter_map(|segment| state.read(segment).ok()).collect()
    }
}

fn segments(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b',').filter(|segment| !segment.is_empty())
}

impl State {
    fn read(&mut self, segment: &[u8]) -> Result<Segment, BadMappings> {
        let mut numbers = [0; 5];
        let (mut rest, mut len) = (segment, 0);
        while !rest.is_empty() {
            let number = numbers.get_mut(len).ok_or(BadMappings)?;
            (*number, rest) = vlq::take(rest).ok_or(BadMappings)?;
            len += 1;
        }
        let [column, source, line, source_column, _name] = numbers;
        add(&mut self.column, column)?;
        let column = index(self.column)?;
        match len {
            1 => return Ok(Segment { column, origin: None }),
            4 | 5 => {}
            _ => return Err(BadMappings),
        }
        add(&mut self.source, source)?;
        add(&mut self.line, line)?;
        add(&mut self.source_column, source_column)?;
        let origin = Origin {
            source: index(self.source)?,
            line: index(self.line)?,
            column: index(self.source_column)?,
        };
        Ok(Segment { column, origin: Some(origin) })
    }
}

fn add(number: &mut i64, difference: i64) -> Result<(), BadMappings> {
    *number = number.checked_add(difference).ok_or(BadMappings)?;
    Ok(())
}

fn index(number: i64) -> Result<u32, BadMappings> {
    u32::try_from(number).map_err(|_| BadMappings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_map_is_refused() {
        let read = |text: &str| Mappings::new(text.to_owned(), 1).map(|it| it.len());
        assert_eq!(read(""), Ok(1));
        assert_eq!(read(";;AAAA,CAAC;C"), Ok(4));
        for text in ["AA", "AAAAAA", "D", "ACAA", "AADA", "!", "AAAAg", "é", "A\n"] {
            assert_eq!(read(text), Err(BadMappings), "{text}");
        }
    }

    #[test]
    fn a_line_has_its_segments() {
        let mappings = Mappings::new(";EAAC,IACDA;;CACG".to_owned(), 2).expect("it is a map");
        let segment = |column, source, line, at| Segment {
            column,
            origin: Some(Origin { source, line, column: at }),
        };
        assert_eq!(mappings.line(0), []);
        assert_eq!(mappings.line(1), [segment(2, 0, 0, 1), segment(6, 0, 1, 0)]);
        assert_eq!(mappings.line(3), [segment(1, 0, 2, 3)]);
        assert_eq!(mappings.line(4), []);
    }
}
