//! What a byte can be, as tables: one look-up a byte is what makes names and
//! strings fast.

use crate::Version;

/// The byte may start a name.
const START: u8 = 1;
/// The byte may go on with a name.
const CONTINUE: u8 = 2;
/// The byte ends a run of plain text in `"…"` and `` `…` `` or needs a look.
const SPECIAL_QUOTED: u8 = 4;
/// The same for heredoc.
const SPECIAL_HEREDOC: u8 = 8;

/// The classes of all bytes for one PHP.
#[derive(Debug)]
pub(crate) struct Classes([u8; 256]);

/// PHP 7.0 and older count DEL, 0x7F, among the letters.
static WITH_DEL: Classes = Classes::new(0x7F);
static WITHOUT_DEL: Classes = Classes::new(0x80);

impl Classes {
    pub(crate) fn of(version: Version) -> &'static Self {
        if version <= Version::V7_0 { &WITH_DEL } else { &WITHOUT_DEL }
    }

    const fn new(first_high_letter: usize) -> Self {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let ascii = byte as u8;
            if ascii.is_ascii_alphabetic() || ascii == b'_' || byte >= first_high_letter {
                table[byte] |= START | CONTINUE;
            }
            if ascii.is_ascii_digit() {
                table[byte] |= CONTINUE;
            }
            if matches!(ascii, b'"' | b'`' | b'$' | b'{' | b'\\') {
                table[byte] |= SPECIAL_QUOTED;
            }
            if matches!(ascii, b'\n' | b'\r' | b'$' | b'{' | b'\\') {
                table[byte] |= SPECIAL_HEREDOC;
            }
            byte += 1;
        }
        Self(table)
    }

    #[inline]
    pub(crate) fn starts_name(&self, byte: u8) -> bool {
        self.0[usize::from(byte)] & START != 0
    }

    #[inline]
    pub(crate) fn continues_name(&self, byte: u8) -> bool {
        self.0[usize::from(byte)] & CONTINUE != 0
    }

    /// How many of the first bytes belong to a name that has begun before.
    #[inline]
    pub(crate) fn name_len(&self, bytes: &[u8]) -> usize {
        bytes.iter().position(|&byte| !self.continues_name(byte)).unwrap_or(bytes.len())
    }

    /// How many of the first bytes are plain inside `"…"` and `` `…` ``.
    #[inline]
    pub(crate) fn quoted_len(&self, bytes: &[u8]) -> usize {
        let special = |&byte: &u8| self.0[usize::from(byte)] & SPECIAL_QUOTED != 0;
        bytes.iter().position(special).unwrap_or(bytes.len())
    }

    /// How many of the first bytes are plain inside a heredoc.
    #[inline]
    pub(crate) fn heredoc_len(&self, bytes: &[u8]) -> usize {
        let special = |&byte: &u8| self.0[usize::from(byte)] & SPECIAL_HEREDOC != 0;
        bytes.iter().position(special).unwrap_or(bytes.len())
    }
}

/// PHP's white space between tokens. Vertical tab and form feed are none.
#[inline]
pub(crate) fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// How many of the first bytes are white space.
#[inline]
pub(crate) fn whitespace_len(bytes: &[u8]) -> usize {
    let mut len = 0;
    loop {
        // Indentation, eight blanks at a time.
        while bytes[len..].first_chunk() == Some(b"        ") {
            len += 8;
        }
        match bytes.get(len) {
            Some(&byte) if is_whitespace(byte) => len += 1,
            _ => return len,
        }
    }
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
