//! What a byte can be, and how far bytes of a kind reach.

use crate::Version;
use crate::chunk;
use crate::line::many_newlines;

/// Which bytes make a name in one PHP.
#[derive(Debug)]
pub(crate) struct Classes {
    starts_name: [bool; 256],
    /// From here on all bytes make names.
    first_high: u8,
}

/// PHP 7.0 and older count DEL, 0x7F, among the letters.
static WITH_DEL: Classes = Classes::new(true);
static WITHOUT_DEL: Classes = Classes::new(false);

impl Classes {
    pub(crate) fn of(version: Version) -> &'static Self {
        if version <= Version::V7_0 { &WITH_DEL } else { &WITHOUT_DEL }
    }

    const fn new(has_del: bool) -> Self {
        let mut starts_name = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            let ascii = byte as u8;
            starts_name[byte] =
                ascii.is_ascii_alphabetic() || ascii == b'_' || byte >= 0x7F + !has_del as usize;
            byte += 1;
        }
        Self { starts_name, first_high: 0x80 - has_del as u8 }
    }

    #[inline]
    pub(crate) fn starts_name(&self, byte: u8) -> bool {
        self.starts_name[usize::from(byte)]
    }

    #[inline]
    pub(crate) fn continues_name(&self, byte: u8) -> bool {
        self.starts_name(byte) || byte.is_ascii_digit()
    }

    /// How many of the first bytes belong to a name that has begun before.
    #[inline]
    pub(crate) fn name_len(&self, bytes: &[u8]) -> usize {
        chunk::len_until(bytes, |chunk| chunk::not_name(chunk, self.first_high))
    }
}

/// How many of the first bytes are plain inside `"…"` or `` `…` ``.
#[inline]
pub(crate) fn quoted_len(bytes: &[u8], quote: u8) -> usize {
    chunk::len_until(bytes, |chunk| {
        chunk::equal(chunk, quote)
            | chunk::equal(chunk, b'$')
            | chunk::equal(chunk, b'{')
            | chunk::equal(chunk, b'\\')
    })
}

/// How many of the first bytes are plain inside a heredoc.
#[inline]
pub(crate) fn heredoc_len(bytes: &[u8]) -> usize {
    chunk::len_until(bytes, |chunk| {
        chunk::equal(chunk, b'\n')
            | chunk::equal(chunk, b'\r')
            | chunk::equal(chunk, b'$')
            | chunk::equal(chunk, b'{')
            | chunk::equal(chunk, b'\\')
    })
}

/// PHP's white space between tokens. Vertical tab and form feed are none.
#[inline]
pub(crate) fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// How many of the first bytes are white space, and how many line breaks are
/// among them.
#[inline]
pub(crate) fn whitespace(bytes: &[u8]) -> (usize, u32) {
    let (mut len, mut newlines) = (0, 0);
    loop {
        let chunk = chunk::first(&bytes[len..]);
        let white = chunk::whitespace_len(chunk);
        if chunk::has_carriage_return(chunk, white) {
            let len = whitespace_len(bytes);
            return (len, many_newlines(bytes, len));
        }
        newlines += chunk::line_feeds(chunk, white);
        len += white;
        if white < chunk::WIDTH {
            return (len, newlines);
        }
    }
}

/// How many of the first bytes are white space between tokens, in any PHP.
#[inline]
pub(crate) fn whitespace_len(bytes: &[u8]) -> usize {
    chunk::len_until(bytes, |chunk| !chunk::whitespace(chunk))
}

/// How many of the first bytes are blanks and tabs.
#[inline]
pub(crate) fn blank_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(bytes.len())
}

/// The length of the line break at the start: 2 for CR LF, 1 for LF and for a
/// lone CR, else 0.
#[inline]
pub(crate) fn newline_len(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
