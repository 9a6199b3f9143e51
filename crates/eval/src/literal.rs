//! What literals stand for: numbers, strings, heredocs.
//!
//! The indentation of a heredoc goes before the escapes are looked at, so that
//! `\n  ` keeps its blanks.

use tilde_syntax::{Options, Version};

use crate::array::Key;
use crate::number::{Number, from_digits, parse_float};
use crate::value::Value;

/// An integer literal, or a float one.
pub(crate) fn number(text: &[u8], options: Options) -> Number {
    let text: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'_').collect();
    match &*text {
        [b'0', b'x' | b'X', digits @ ..] => from_digits(digits, 16, options.int_size),
        [b'0', b'b' | b'B', digits @ ..] => from_digits(digits, 2, options.int_size),
        [b'0', b'o' | b'O', digits @ ..] => from_digits(digits, 8, options.int_size),
        text if text.iter().any(|byte| !byte.is_ascii_digit()) => Number::Float(parse_float(text)),
        [b'0', digits @ ..] => from_digits(digits, 8, options.int_size),
        digits => from_digits(digits, 10, options.int_size),
    }
}

/// `'…'`, or `"…"` without a variable, with its quotes.
pub(crate) fn string(text: &[u8], options: Options) -> Vec<u8> {
    let text = text.strip_prefix(b"b").or(text.strip_prefix(b"B")).unwrap_or(text);
    match text {
        [b'\'', inner @ .., b'\''] => single_quoted(inner),
        [b'"', inner @ .., b'"'] => unescape(inner, Some(b'"'), options),
        _ => text.to_vec(),
    }
}

fn single_quoted(inner: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let [byte, tail @ ..] = rest {
        match (byte, tail.first()) {
            (b'\\', Some(quoted @ (b'\\' | b'\''))) => {
                value.push(*quoted);
                rest = &tail[1..];
            }
            _ => {
                value.push(*byte);
                rest = tail;
            }
        }
    }
    value
}

/// What a backslash and one other byte stand for, if that is a byte.
fn simple_escape(next: u8, quote: Option<u8>, options: Options) -> Option<u8> {
    match next {
        b'n' => Some(b'\n'),
        b't' => Some(b'\t'),
        b'r' => Some(b'\r'),
        b'f' => Some(b'\x0c'),
        b'v' => Some(b'\x0b'),
        b'e' if options.version >= Version::V5_4 => Some(b'\x1b'),
        b'\\' | b'$' => Some(next),
        next => (Some(next) == quote).then_some(next),
    }
}

/// Text with its escapes done. The quote that surrounds it is one of them; a
/// heredoc has none.
pub(crate) fn unescape(text: &[u8], quote: Option<u8>, options: Options) -> Vec<u8> {
    let mut value = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte != b'\\' {
            value.push(*byte);
            continue;
        }
        let Some((next, tail)) = tail.split_first() else {
            value.push(b'\\');
            break;
        };
        if let Some(simple) = simple_escape(*next, quote, options) {
            value.push(simple);
            rest = tail;
            continue;
        }
        match next {
            b'x' | b'X' if tail.first().is_some_and(u8::is_ascii_hexdigit) => {
                let len = tail.iter().take(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
                value.push(digits(&tail[..len], 16) as u8);
                rest = &tail[len..];
            }
            b'0'..=b'7' => {
                let text = rest;
                let len =
                    text.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                // `"\400"` is `"\0"`.
                value.push(digits(&text[..len], 8) as u8);
                rest = &text[len..];
            }
            b'u' if options.version >= Version::V7_0 && tail.first() == Some(&b'{') => {
                let len = tail[1..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
                push_code_point(digits(&tail[1..=len], 16), &mut value);
                rest = tail.get(len + 2..).unwrap_or_default();
            }
            _ => {
                value.push(b'\\');
                value.push(*next);
                rest = tail;
            }
        }
    }
    value
}

fn digits(text: &[u8], base: u32) -> u32 {
    text.iter()
        .filter_map(|byte| char::from(*byte).to_digit(base))
        .fold(0, |sum: u32, digit| sum.wrapping_mul(base).wrapping_add(digit))
}

/// UTF-8, also of what is no character, such as half a surrogate pair.
pub(crate) fn push_code_point(code: u32, value: &mut Vec<u8>) {
    let low = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    match code {
        0..0x80 => value.push(code as u8),
        0x80..0x800 => value.extend([0xc0 | (code >> 6) as u8, low(0)]),
        0x800..0x1_0000 => value.extend([0xe0 | (code >> 12) as u8, low(6), low(0)]),
        _ => value.extend([0xf0 | (code >> 18) as u8, low(12), low(6), low(0)]),
    }
}

/// A piece of a heredoc without the indentation of its label.
pub(crate) fn unindent(text: &[u8], indentation: usize, starts_line: bool) -> Vec<u8> {
    if indentation == 0 {
        return text.to_vec();
    }
    let mut value = Vec::with_capacity(text.len());
    let mut is_start = starts_line;
    let mut rest = text;
    while !rest.is_empty() {
        if is_start {
            let blanks = rest.iter().take(indentation);
            let len = blanks.take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            rest = &rest[len..];
        }
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = end
            .map_or(rest.len(), |end| end + if rest[end..].starts_with(b"\r\n") { 2 } else { 1 });
        value.extend_from_slice(&rest[..end]);
        rest = &rest[end..];
        is_start = true;
    }
    value
}

/// Text without the line break at its end, which belongs to a heredoc's label.
pub(crate) fn without_last_break(text: &[u8]) -> &[u8] {
    match text {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n' | b'\r'] => text,
        text => text,
    }
}

/// What stands between the brackets of `"$a[key]"`.
pub(crate) fn offset(text: &[u8], options: Options) -> Value {
    match Key::from_bytes(text, options.int_size) {
        Key::Int(integer) => Value::Int(integer),
        Key::String(bytes) => Value::String(bytes),
    }
}
