//! Names that cannot take over the place where they are shown.
//!
//! A file may be called `x`, line feed, `::error::pwned`, and so may what a
//! `tilde.toml` names; the terminal, the log of a CI system and whoever reads
//! line by line would believe it. Everything that is shown but for sources and
//! diffs of them goes through here, also messages that other crates have made.
//! A blank in front is no protection: GitHub skips it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use bstr::ByteSlice as _;

/// The text on one line and without control characters, which are spelled out
/// as in Rust: `\n`, `\u{1b}`.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_control(character) {
            let _ = write!(escaped, "{}", character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped.into()
}

/// A path in a message; bytes that are no UTF-8 are replaced.
pub(crate) fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy()).into_owned()
}

/// The same of bytes; those that are no UTF-8 stay as they are.
pub(crate) fn escaped_bytes(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.chars().any(is_control) {
        return text.into();
    }
    let mut escaped_text = Vec::with_capacity(text.len() + 16);
    for chunk in text.utf8_chunks() {
        escaped_text.extend_from_slice(escaped(chunk.valid()).as_bytes());
        escaped_text.extend_from_slice(chunk.invalid());
    }
    escaped_text.into()
}

/// Whether a character does something where it is shown: control characters,
/// those that end lines, and those that turn the direction of writing.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(escaped("a\n::error::b\r\t\u{1b}[2J"), r"a\n::error::b\r\t\u{1b}[2J");
        assert_eq!(escaped("\u{9b}2J\u{7f}\u{202e}é 中"), r"\u{9b}2J\u{7f}\u{202e}é 中");
        assert_eq!(*escaped_bytes(b"\xd6\xd0\n\xc2\x9b\x9b"), *b"\xd6\xd0\\n\\u{9b}\x9b");
        assert!(matches!(escaped("plain \\n"), Cow::Borrowed(_)));
    }
}
