//! The insides of functions and classes, sixteen bytes at a time.
//!
//! Nearly all of them is code that a cache has as it is, between line breaks
//! and indentation. That takes no tokens: it is enough to know where strings
//! end, and to stop at whatever could be more than it seems. A newcomer would
//! go on over a comment, but what a comment does depends on the token before
//! it. So the way back leads to the last place where a token certainly ends,
//! and from there the lexer goes on.

use tilde_lexer::{TokenKind as K, whitespace_len};
use wide::u8x16;

use super::Walk;

/// A place behind a token that stands alone, and the walk there.
#[derive(Clone, Copy)]
struct Anchor {
    kind: K,
    at: usize,
    code: usize,
    run: usize,
    depth: u32,
}

impl Walk<'_> {
    /// Goes on in the body behind such a token, or a comment behind it, as far as
    /// the code is plain. How many bytes that are.
    pub(super) fn go_on_inside(&mut self) -> usize {
        let start = self.anchor(self.before, self.at);
        let mut last = start;
        let mut at = start.at;
        if self.is_after_blank {
            at += whitespace_len(&self.text[at..]);
            self.leave_out(start.at, at);
        }
        loop {
            at += plain_len(self.text, at);
            let Some(&byte) = self.text.get(at) else { break };
            let next = self.text.get(at + 1).copied().unwrap_or(0);
            let end = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    if let Some(kind) = ends_with(self.text[at - 1]).filter(|_| at > start.at) {
                        last = self.anchor(kind, at);
                    }
                    self.blank(at)
                }
                b'\'' => single_quoted(self.text, at),
                b'"' => double_quoted(self.text, at),
                b'{' => {
                    self.depth += 1;
                    last = self.anchor(K::OpenBrace, at + 1);
                    Some(at + 1)
                }
                b'}' if Some(self.depth) != self.body => {
                    self.depth -= 1;
                    last = self.anchor(K::CloseBrace, at + 1);
                    Some(at + 1)
                }
                b'/' if !matches!(next, b'/' | b'*') => Some(at + 1),
                b'<' if !matches!(next, b'<' | b'/') => Some(at + 1),
                b'?' | b'%' if next != b'>' => Some(at + 1),
                b'_' | b's' | b'S' if !is_magic(self.text, at) => Some(at + 1),
                b'|' | b'~' => Some(at + 1),
                _ => None,
            };
            match end {
                Some(end) => at = end,
                None => break,
            }
        }
        self.goes_on_from = at;
        self.go_back(last, last.at > start.at);
        last.at - start.at
    }

    fn anchor(&self, kind: K, at: usize) -> Anchor {
        Anchor { kind, at, code: self.code.len(), run: self.run, depth: self.depth }
    }

    fn go_back(&mut self, anchor: Anchor, has_code: bool) {
        self.before = anchor.kind;
        self.at = anchor.at;
        self.code.truncate(anchor.code);
        self.run = anchor.run;
        self.depth = anchor.depth;
        if has_code {
            self.is_body_next = false;
            self.is_after_blank = false;
            self.is_after_comment = false;
        }
    }

    /// White space that begins at a place: where it ends, if it is one token.
    fn blank(&mut self, at: usize) -> Option<usize> {
        let end = at + whitespace_len(&self.text[at..]);
        let (before, after) = (self.text[at - 1], *self.text.get(end)?);
        // It may be in a cast or, with comments from 8.3 on, in `yield from`.
        let is_inner = match (before, after) {
            (b'(', after) => after.is_ascii_alphabetic(),
            (before, b')') => before.is_ascii_alphabetic(),
            (b'd' | b'D', b'f' | b'F' | b'/' | b'#') => true,
            _ => false,
        };
        if is_inner {
            return None;
        }
        self.leave_out(at, end);
        self.code.push(b' ');
        Some(end)
    }
}

/// The token that this byte is at the end of code, if it is always one.
fn ends_with(byte: u8) -> Option<K> {
    match byte {
        b';' => Some(K::Semicolon),
        b',' => Some(K::Comma),
        b'{' => Some(K::OpenBrace),
        b'}' => Some(K::CloseBrace),
        _ => None,
    }
}

/// Whether one of the words that mean something else in a cache is there:
/// `__FILE__` and its like at the first byte, `namespace` with its `s` there.
fn is_magic(text: &[u8], at: usize) -> bool {
    let has = |at: usize, word: &[u8]| {
        text.get(at..at + word.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word))
    };
    if text[at] == b'_' {
        return has(at, b"__file__") || has(at, b"__dir__") || has(at, b"__halt_compiler");
    }
    at.checked_sub(4).is_some_and(|start| has(start, b"namespace"))
}

/// The end of the string that begins at a place.
fn single_quoted(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += memchr::memchr2(b'\'', b'\\', text.get(at..)?)?;
        if text[at] == b'\'' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The same, if nothing is to be filled in.
fn double_quoted(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'$', text.get(at..)?)?;
        match text[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => {
                let next = text.get(at + 1)?;
                let is_variable =
                    next.is_ascii_alphabetic() || matches!(next, b'_' | b'{' | 0x7F..);
                if is_variable || text[at - 1] == b'{' {
                    return None;
                }
                at += 1;
            }
        }
    }
}

/// How many bytes from a place on are code that is the same in a cache,
/// whatever it is: names, numbers, operators, and single blanks. There is a
/// byte before them.
fn plain_len(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(here) = sixteen(text, at)
        && let Some(next) = sixteen(text, at + 1)
    {
        let found = events(here, next).to_bitmask();
        if found != 0 {
            return at - start + found.trailing_zeros() as usize;
        }
        at += 16;
    }
    // The lexer does the end of the file.
    text.len() - start
}

fn sixteen(text: &[u8], at: usize) -> Option<u8x16> {
    text.get(at..)?.first_chunk().map(|chunk| u8x16::new(*chunk))
}

/// Marks the bytes to look at; `next` has the bytes behind them.
#[inline]
fn events(here: u8x16, next: u8x16) -> u8x16 {
    let is = |bytes: u8x16, byte: u8| bytes.simd_eq(u8x16::splat(byte));
    let up_to = |bytes: u8x16, byte: u8| bytes.min(u8x16::splat(byte)).simd_eq(bytes);
    let lower = |bytes: u8x16| bytes | u8x16::splat(0x20);
    let blank = is(here, b' ') & up_to(next, b' ');
    let quote = is(here | u8x16::splat(1), b'#') | is(here | u8x16::splat(2), b'\'');
    let symbol = is(here, b'/') | is(here, b'`') | is(here, b'<') | is(here, b'?');
    // `{`, `|`, `}`, `~` and DEL.
    let brace = up_to(here, 0x7F) & here.max(u8x16::splat(b'{')).simd_eq(here);
    let word = (is(here, b'_') & is(next, b'_')) | (is(lower(here), b's') & is(lower(next), b'p'));
    up_to(here, 0x1F) | blank | quote | symbol | brace | word
}
