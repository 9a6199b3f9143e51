//! A token with its place, for everything that looks back and forth.
//!
//! The lexer's own token knows only its length; phases that index tokens at
//! random need the offset as well.

use std::ops::Range;

use tilde_lexer::{Lexer, Options, TokenKind};

/// A token and the bytes of its source that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    start: u32,
    len: u32,
}

const _: () = assert!(size_of::<Token>() == 12);

impl Token {
    /// A token of a source of at most `u32::MAX` bytes.
    #[must_use]
    pub fn new(kind: TokenKind, start: usize, end: usize) -> Self {
        Self { kind, start: start as u32, len: (end - start) as u32 }
    }

    /// The lexer's own, which has no place.
    #[must_use]
    pub fn unplaced(&self) -> tilde_lexer::Token {
        tilde_lexer::Token { kind: self.kind, len: self.len }
    }

    /// Its bytes in the source.
    #[must_use]
    pub fn bytes<'src>(&self, text: &'src [u8]) -> &'src [u8] {
        &text[self.span()]
    }

    /// Where it lies, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.len as usize
    }
}

/// All tokens of a source of at most `u32::MAX` bytes.
#[must_use]
pub fn lex(text: &[u8], options: Options) -> Vec<Token> {
    lex_to_end(text, options).0
}

/// The same, and whether the source ends inside of a string.
#[must_use]
pub fn lex_to_end(text: &[u8], options: Options) -> (Vec<Token>, bool) {
    let mut start = 0;
    let place = |token: tilde_lexer::Token| {
        let placed = Token { kind: token.kind, start, len: token.len };
        start += token.len;
        placed
    };
    // Room for short tokens; what is not written to costs nothing.
    let mut tokens = Vec::with_capacity(text.len() / 3 + 2);
    let mut lexer = Lexer::new(text, options);
    tokens.extend(lexer.by_ref().map(place));
    (tokens, lexer.is_in_string())
}
