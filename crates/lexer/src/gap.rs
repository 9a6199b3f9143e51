//! What PHP reads together with what follows: `yield from`, `enum Name`, and
//! `&` before a variable.
//!
//! Up to PHP 8.2 only white space may stand between; from 8.3 comments may too.
//! PHP's pattern for a `#` is looser than its comment: it takes the line break
//! that ends it as its first character and goes on to the end of the next
//! line. The longest match wins, wherever the comment could have ended, so all
//! readings are followed at once.

use memchr::memmem;

use crate::Version;
use crate::bytes::{is_whitespace, whitespace_len};

/// The length of `yield from` at the start of `rest`.
pub(crate) fn yield_from_len(rest: &[u8], version: Version) -> Option<usize> {
    let is_from = |after: &[u8]| {
        let ends = starts_with_word(after, b"from") && !goes_on(after, b"from".len());
        ends.then_some(b"from".len())
    };
    if version < Version::V7_0 {
        return None;
    }
    longest(rest, b"yield".len(), version, is_from).map(|(len, word)| len + word)
}

/// Whether the `enum` at the start of `rest` declares one: it does before a
/// name that is not `extends` or `implements`.
pub(crate) fn declares_enum(rest: &[u8], version: Version) -> bool {
    // The word need not end there: `enum extendsFoo` declares nothing either.
    let heritage = |after: &[u8]| {
        [&b"extends"[..], b"implements"].into_iter().find(|word| starts_with_word(after, word))
    };
    let name = |after: &[u8]| match heritage(after) {
        Some(word) => Some(word.len()),
        None => after.first().is_some_and(|&byte| is_name_start(byte)).then_some(1),
    };
    let found = longest(rest, b"enum".len(), version, name);
    found.is_some_and(|(len, _)| heritage(&rest[len..]).is_none())
}

/// Whether a variable or `...` follows the `&` at the start of `rest`.
pub(crate) fn is_before_variable(rest: &[u8], version: Version) -> bool {
    let is_variable =
        |after: &[u8]| (after.starts_with(b"$") || after.starts_with(b"...")).then_some(1);
    let next = &rest[1 + whitespace_len(&rest[1..])..];
    match next.first() {
        Some(b'/' | b'#') => longest(rest, 1, version, is_variable).is_some(),
        _ => is_variable(next).is_some(),
    }
}

/// The longest gap after the first `start` bytes behind which `accept` finds
/// its word: where the word starts, and its length.
fn longest(
    rest: &[u8],
    start: usize,
    version: Version,
    accept: impl Fn(&[u8]) -> Option<usize>,
) -> Option<(usize, usize)> {
    if version < Version::V8_3 {
        let gap = whitespace_len(&rest[start..]);
        let found = accept(&rest[start + gap..]).filter(|_| gap > 0);
        return found.map(|word| (start + gap, word));
    }
    let mut best: Option<(usize, usize)> = None;
    let mut readings = Readings { between: true, ..Readings::default() };
    for at in start..=rest.len() {
        readings.arrive(at);
        if readings.between
            && at > start
            && let Some(word) = accept(&rest[at..])
            && best.is_none_or(|(len, longest)| at + word >= len + longest)
        {
            best = Some((at, word));
        }
        if at == rest.len() || !readings.step(at, rest) {
            break;
        }
    }
    best
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
    /// Where block comments end.
    block_ends: Vec<usize>,
    /// Where the text of a `//` comment starts.
    slash: Option<usize>,
}

impl Readings {
    /// Adds what ends here.
    fn arrive(&mut self, at: usize) {
        if self.block_ends.last() == Some(&at) {
            self.block_ends.pop();
            self.between = true;
        }
        if self.slash == Some(at) {
            self.slash = None;
            self.line_comment = true;
        }
    }

    /// Goes past the byte here. False if no reading is left.
    fn step(&mut self, at: usize, rest: &[u8]) -> bool {
        let byte = rest[at];
        let is_newline = matches!(byte, b'\n' | b'\r');
        let ends_line = is_newline && (self.line_comment || self.hash);
        let goes_on = self.line_comment && !is_newline || self.hash && byte != b'[';
        let hash = self.between && byte == b'#';
        if self.between && byte == b'/' {
            self.slash_at(at, rest);
        }
        self.between = self.between && is_whitespace(byte) || ends_line;
        self.line_comment = goes_on;
        self.hash = hash;
        self.between
            || self.line_comment
            || self.hash
            || self.slash.is_some()
            || !self.block_ends.is_empty()
    }

    fn slash_at(&mut self, at: usize, rest: &[u8]) {
        match rest.get(at + 1) {
            Some(b'/') => self.slash = Some(at + 2),
            // The first `*/` ends all that began before it: one end is enough.
            Some(b'*') => {
                if let Some(end) = memmem::find(&rest[at + 2..], b"*/")
                    && !self.block_ends.contains(&(at + end + 4))
                {
                    self.block_ends.insert(0, at + end + 4);
                }
            }
            _ => {}
        }
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
