//! The two words that PHP reads together with what follows: `yield from` and
//! `enum Name`.
//!
//! Up to PHP 8.2 only white space may stand between; from 8.3 comments may too.
//! PHP's patterns for those comments are looser than its comments: `.` runs
//! over a CR, and a `#` takes the line break that ends it as its first
//! character and goes on to the end of the next line. The longest match wins,
//! wherever a comment would have ended, so this is work for a table.

use logos::Logos;

use crate::Version;
use crate::bytes::whitespace_len;

#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(utf8 = false)]
#[logos(subpattern gap = br"([ \n\r\t]|/\*([^*]*\*+)([^*/][^*]*\*+)*/|//[^\n]*[\n\r]|#([^\[][^\n]*[\n\r]|[\n\r]))")]
enum Gap {
    // The last byte is what may not go on with the name.
    #[regex(br"(?i-u:yield)(?&gap)+(?i-u:from)[^a-zA-Z0-9_\x80-\xff]")]
    YieldFrom,
    #[regex(br"(?i-u:enum)(?&gap)+(?i-u:extends|implements)[^a-zA-Z0-9_\x80-\xff]")]
    EnumHeritage,
    #[regex(br"(?i-u:enum)(?&gap)+[a-zA-Z_\x80-\xff]")]
    EnumName,
}

/// The length of `yield from` at the start of `rest`.
pub(crate) fn yield_from_len(rest: &[u8], version: Version) -> Option<usize> {
    if version >= Version::V8_3 {
        return match longest(rest)? {
            (Gap::YieldFrom, len) => Some(len - 1),
            _ => None,
        };
    }
    let gap = whitespace_len(&rest[b"yield".len()..]);
    let len = b"yield".len() + gap;
    let from = &rest[len..];
    let is_from = version >= Version::V7_0 && gap > 0 && starts_with_word(from, b"from");
    (is_from && !goes_on(from, b"from".len())).then_some(len + b"from".len())
}

/// Whether the `enum` at the start of `rest` declares one.
pub(crate) fn declares_enum(rest: &[u8], version: Version) -> bool {
    if version >= Version::V8_3 {
        return matches!(longest(rest), Some((Gap::EnumName, _)));
    }
    let gap = whitespace_len(&rest[b"enum".len()..]);
    let name = &rest[b"enum".len() + gap..];
    // The word need not end there: `enum extendsFoo` declares nothing either.
    let is_heritage = starts_with_word(name, b"extends") || starts_with_word(name, b"implements");
    gap > 0 && !is_heritage && name.first().is_some_and(|&byte| is_name_start(byte))
}

fn longest(rest: &[u8]) -> Option<(Gap, usize)> {
    // PHP sees a NUL after the last byte, which ends a name.
    let may_end_the_file = [&b"from"[..], b"extends", b"implements"].iter().any(|word| {
        rest.len() >= word.len() && starts_with_word(&rest[rest.len() - word.len()..], word)
    });
    if may_end_the_file {
        return scan(&[rest, b"\0"].concat());
    }
    scan(rest)
}

fn scan(rest: &[u8]) -> Option<(Gap, usize)> {
    match Gap::lexer(rest).spanned().next()? {
        (Ok(gap), span) => Some((gap, span.len())),
        (Err(()), _) => None,
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
