//! What PHP reads together with what follows: `yield from`, `enum Name`, and
//! `&` before a variable.
//!
//! Up to PHP 8.2 only white space may stand between; from 8.3 comments may too.
//! PHP's pattern for a `#` is looser than its comment: it takes the line break
//! that ends it as its first character and goes on to the end of the next
//! line. The longest match wins, wherever the comment could have ended, so all
//! readings are followed at once. They may go on far behind the token, as in
//! `#` and `yield` on each second line; a later search that comes to the same
//! place with the same readings takes the end from the one before.

use memchr::memmem;

use crate::Version;
use crate::bytes::{is_whitespace, whitespace_len};
use crate::lexer::Lexer;

/// What the searches of one lexer remember.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gaps {
    from: Search,
    name: Search,
    variable: Search,
}

impl Lexer<'_> {
    /// The length of the `yield from` that starts here.
    pub(crate) fn yield_from_len(&mut self) -> Option<usize> {
        let is_from = |after: &[u8]| {
            let ends = starts_with_word(after, b"from") && !goes_on(after, b"from".len());
            ends.then_some(b"from".len())
        };
        if !self.has(Version::V7_0) {
            return None;
        }
        let start = self.offset() + b"yield".len();
        let found = self.gaps.from.longest(self.source, start, self.options.version, is_from);
        found.map(|found| found.end() - self.offset())
    }

    /// Whether the `enum` here declares one: it does before a name that is not
    /// `extends` or `implements`.
    pub(crate) fn declares_enum(&mut self) -> bool {
        // The word need not end there: `enum extendsFoo` declares nothing either.
        let heritage = |after: &[u8]| {
            [&b"extends"[..], b"implements"].into_iter().find(|word| starts_with_word(after, word))
        };
        let name = |after: &[u8]| match heritage(after) {
            Some(word) => Some(word.len()),
            None => after.first().is_some_and(|&byte| is_name_start(byte)).then_some(1),
        };
        let start = self.offset() + b"enum".len();
        let found = self.gaps.name.longest(self.source, start, self.options.version, name);
        found.is_some_and(|found| heritage(&self.source[found.at..]).is_none())
    }

    /// Whether a variable or `...` follows the `&` here.
    pub(crate) fn is_before_variable(&mut self) -> bool {
        let is_variable =
            |after: &[u8]| (after.starts_with(b"$") || after.starts_with(b"...")).then_some(1);
        let start = self.offset() + 1;
        let search = &mut self.gaps.variable;
        is_variable(&self.source[start..]).is_some()
            || search.longest(self.source, start, self.options.version, is_variable).is_some()
    }
}

/// The word behind a gap: where it starts, and its length.
#[derive(Clone, Copy, Debug)]
struct Found {
    at: usize,
    len: usize,
}

impl Found {
    fn end(self) -> usize {
        self.at + self.len
    }
}

/// The search that has come furthest so far, in the source's offsets.
#[derive(Clone, Debug, Default)]
struct Search {
    start: usize,
    /// For each place from `start` on, what it may be; see [`Readings::state`].
    states: Vec<u8>,
    found: Option<Found>,
    blocks: Blocks,
}

impl Search {
    /// The longest gap from `start` on, not an empty one, behind which `accept`
    /// finds its word.
    fn longest(
        &mut self,
        source: &[u8],
        start: usize,
        version: Version,
        accept: impl Fn(&[u8]) -> Option<usize>,
    ) -> Option<Found> {
        let at = start + whitespace_len(&source[start..]);
        let may_be_comment = matches!(source.get(at), Some(b'/' | b'#'));
        if version < Version::V8_3 || !may_be_comment {
            return accept(&source[at..]).filter(|_| at > start).map(|len| Found { at, len });
        }
        self.longest_with_comments(source, start, accept)
    }

    fn longest_with_comments(
        &mut self,
        source: &[u8],
        start: usize,
        accept: impl Fn(&[u8]) -> Option<usize>,
    ) -> Option<Found> {
        let mut states = Vec::new();
        let mut found: Option<Found> = None;
        let mut readings = Readings { between: true, ..Readings::default() };
        for at in start..=source.len() {
            readings.arrive(at);
            if self.has_been(at, &readings) {
                found = self.found.filter(|found| found.at >= at).or(found);
                self.begin_with(start, &states, found);
                return found;
            }
            states.push(readings.state());
            if readings.between
                && at > start
                && let Some(len) = accept(&source[at..])
                && found.is_none_or(|found| at + len >= found.end())
            {
                found = Some(Found { at, len });
            }
            if at == source.len() || !readings.step(at, source, &mut self.blocks) {
                break;
            }
        }
        if start + states.len() > self.end() {
            self.start = start;
            self.states = states;
            self.found = found;
        }
        found
    }

    fn end(&self) -> usize {
        self.start + self.states.len()
    }

    /// Whether the search has been at that place with the same readings.
    fn has_been(&self, at: usize, readings: &Readings) -> bool {
        let state = at.checked_sub(self.start).and_then(|index| self.states.get(index));
        state.is_some_and(|&state| state == readings.state() && state != Readings::MANY_BLOCKS)
    }

    /// Takes another start that led to where the search has been.
    fn begin_with(&mut self, start: usize, states: &[u8], found: Option<Found>) {
        let index = start - self.start;
        self.states[index..index + states.len()].copy_from_slice(states);
        self.found = found;
    }
}

/// What the place reached so far may be, all at the same time.
#[derive(Default)]
struct Readings {
    /// Between two pieces of the gap.
    between: bool,
    /// In a comment that runs to the end of a line.
    line_comment: bool,
    /// Right after a `#`.
    hash: bool,
    /// Where block comments end, the first last.
    block_ends: Vec<usize>,
    /// Where the text of a block comment starts, up to there: in `/*/` the `*/`
    /// ends only the comments that began before.
    block_start: Option<usize>,
    /// Where the text of a `//` comment starts.
    slash: Option<usize>,
}

impl Readings {
    /// The state of readings with block comments that end in several places.
    const MANY_BLOCKS: u8 = u8::MAX;

    /// The readings as one number: what comes next decides all the rest.
    fn state(&self) -> u8 {
        if self.block_ends.len() > 1 {
            return Self::MANY_BLOCKS;
        }
        u8::from(self.between)
            | u8::from(self.line_comment) << 1
            | u8::from(self.hash) << 2
            | u8::from(self.slash.is_some()) << 3
            | u8::from(!self.block_ends.is_empty()) << 4
            | u8::from(self.block_start.is_some()) << 5
    }

    /// Adds what ends here.
    fn arrive(&mut self, at: usize) {
        if self.block_ends.last() == Some(&at) {
            self.block_ends.pop();
            self.between = true;
        }
        if self.block_start.is_some_and(|start| start < at) {
            self.block_start = None;
        }
        if self.slash == Some(at) {
            self.slash = None;
            self.line_comment = true;
        }
    }

    /// Goes past the byte here. False if no reading is left.
    fn step(&mut self, at: usize, source: &[u8], blocks: &mut Blocks) -> bool {
        let byte = source[at];
        let is_newline = matches!(byte, b'\n' | b'\r');
        let ends_line = is_newline && (self.line_comment || self.hash);
        let goes_on = self.line_comment && !is_newline || self.hash && byte != b'[';
        let hash = self.between && byte == b'#';
        if self.between && byte == b'/' {
            self.slash_at(at, source, blocks);
        }
        self.between = self.between && is_whitespace(byte) || ends_line;
        self.line_comment = goes_on;
        self.hash = hash;
        self.state() != 0
    }

    fn slash_at(&mut self, at: usize, source: &[u8], blocks: &mut Blocks) {
        match source.get(at + 1) {
            Some(b'/') => self.slash = Some(at + 2),
            Some(b'*') => {
                if let Some(end) = blocks.end(source, at + 2) {
                    self.block_start = Some(at + 2);
                    if self.block_ends.first() != Some(&end) {
                        self.block_ends.insert(0, end);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Where the block comments end. The first `*/` ends all that began before it,
/// so each part of the source is looked through once.
#[derive(Clone, Debug, Default)]
struct Blocks {
    /// From the first place on, the first `*/` ends at the second.
    known: Option<(usize, Option<usize>)>,
}

impl Blocks {
    /// The end of the comment whose text starts at `text`.
    fn end(&mut self, source: &[u8], text: usize) -> Option<usize> {
        if let Some((from, end)) = self.known
            && from <= text
            && end.is_none_or(|end| text + 2 <= end)
        {
            return end;
        }
        let end = memmem::find(&source[text..], b"*/").map(|at| text + at + 2);
        self.known = Some((text, end));
        end
    }
}

fn starts_with_word(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn goes_on(text: &[u8], len: usize) -> bool {
    text.get(len).is_some_and(|&byte| is_name_start(byte) || byte.is_ascii_digit())
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}
