//! PHP's own line numbers.

use memchr::memchr_iter;

use crate::chunk;
use crate::lexer::{Lexer, Mode, Token};
use crate::{Options, TokenKind, Version};

/// Each token with its bytes and the line that it starts on, from 1, as PHP
/// counts it: a line ends with LF, CR LF or a lone CR.
///
/// # Panics
///
/// If the source has more than `u32::MAX` bytes, as [`Lexer::new`].
pub fn lines(source: &[u8], options: Options) -> impl Iterator<Item = (Token, &[u8], u32)> {
    let mut lexer = Lexer::new(source, options);
    let (mut line, mut last) = (1, 1);
    std::iter::from_fn(move || {
        let (rest, mode) = (lexer.rest, lexer.mode);
        let (token, text) = lexer.advance()?;
        if mode != Mode::Halted {
            // What follows `__halt_compiler();` has the line of the token
            // before it.
            last = line;
        }
        if token.kind == TokenKind::Whitespace {
            line += lexer.newlines;
        } else if token.kind.may_hold_newline() {
            line += counted(token.kind, rest, text.len(), (mode, lexer.mode), options.version);
        }
        Some((token, text, last))
    })
}

/// The line breaks that PHP counts in a token, which was lexed from the first
/// mode to the second.
#[inline(never)]
fn counted(kind: TokenKind, rest: &[u8], len: usize, modes: (Mode, Mode), version: Version) -> u32 {
    if kind == TokenKind::CloseTag {
        // Not the one in `</script\n>`.
        return u32::from(rest[len - 1] != b'>');
    }
    let all = newlines(rest, len);
    if kind == TokenKind::InlineHtml {
        // PHP 5.2 counts a CR LF twice that it cuts in two, here and behind.
        let is_cut = rest[..len].ends_with(b"\r") && rest.get(len) == Some(&b'\n');
        return all + u32::from(is_cut && version < Version::V5_3);
    }
    if all == 0 {
        return 0;
    }
    let looked_at = counted_len(&rest[..len], modes.0, version);
    // PHP 7.0 to 7.2 count the line break before a heredoc's label apart.
    let is_before_label = kind == TokenKind::EncapsedAndWhitespace && modes.1 == Mode::EndHeredoc;
    if looked_at == len {
        return all;
    }
    newlines(rest, looked_at) + u32::from(is_before_label)
}

/// How much of a token PHP looks at for line breaks: all, but for a string
/// with a wrong escape.
fn counted_len(text: &[u8], mode: Mode, version: Version) -> usize {
    let has_escapes = match mode {
        Mode::DoubleQuotes | Mode::Backquote => true,
        Mode::Heredoc => version < Version::V7_3,
        Mode::InScripting => matches!(text, [b'"', ..] | [b'b' | b'B', b'"', ..]),
        _ => false,
    };
    // PHP 5.2 does not count the CR that ends a `//` comment.
    if version < Version::V5_3 && is_line_comment(text) && text.ends_with(b"\r") {
        return text.len() - 1;
    }
    let wrong = if has_escapes && version >= Version::V7_0 { bad_escape(text) } else { None };
    wrong.unwrap_or(text.len())
}

/// How many line breaks start in the first `len` bytes.
fn newlines(rest: &[u8], len: usize) -> u32 {
    if len > MANY {
        return many_newlines(rest, len);
    }
    let (mut line_feeds, mut at) = (0, 0);
    while at < len {
        let chunk = chunk::first(&rest[at..]);
        let part = (len - at).min(chunk::WIDTH);
        if chunk::has_carriage_return(chunk, part) {
            return many_newlines(rest, len);
        }
        line_feeds += chunk::line_feeds(chunk, part);
        at += part;
    }
    line_feeds
}

/// From here on it pays to call for the widest instructions of the machine.
const MANY: usize = 64;

pub(crate) fn many_newlines(rest: &[u8], len: usize) -> u32 {
    let text = &rest[..len];
    let line_feeds = memchr_iter(b'\n', text).count();
    let is_lone = |at: &usize| rest.get(*at + 1) != Some(&b'\n');
    (line_feeds + memchr_iter(b'\r', text).filter(is_lone).count()) as u32
}

fn is_line_comment(text: &[u8]) -> bool {
    matches!(text, [b'#', ..] | [b'/', b'/', ..])
}

/// Where a string has a `\u{…}` that PHP 7.0 and later refuse: not all
/// hexadecimal digits, none at all, or past U+10FFFF. PHP stops reading the
/// string there, and its count of lines stops with it.
pub(crate) fn bad_escape(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(backslash) = memchr::memchr(b'\\', &text[at..]) {
        at += backslash;
        if text[at..].starts_with(b"\\u{") && !is_code_point(&text[at + 3..]) {
            return Some(at);
        }
        at = (at + 2).min(text.len());
    }
    None
}

fn is_code_point(digits: &[u8]) -> bool {
    let Some(end) = digits.iter().position(|digit| !digit.is_ascii_hexdigit()) else {
        return false;
    };
    let value = digits[..end].iter().try_fold(0u32, |value, &digit| {
        let value = value * 16 + char::from(digit).to_digit(16)?;
        (value <= 0x10_FFFF).then_some(value)
    });
    end > 0 && digits[end] == b'}' && value.is_some()
}
