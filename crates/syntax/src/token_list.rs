//! The tokens of a source as a list that outlives its tree: five bytes a token,
//! found by index or by place.
//!
//! A token has no length of its own: it ends where the next one starts, which is
//! why the list keeps one entry more than [`Tokens::len`] says.

use std::ops::Range;

use tilde_lexer::{Options, TokenKind};

use crate::span::Span;
use crate::tokens::{END, Lexeme, read};

/// A token with its place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub span: Span,
}

/// All tokens of a source in their order, with blanks, comments and tags: they
/// are contiguous and cover every byte. Indexes start at 0.
///
/// Up to PHP 7.4 a [`TokenKind::BadCharacter`] is a [`TokenKind::Dropped`] here,
/// since the parser of these versions does not see it.
///
/// ```
/// use tilde_syntax::{Arena, Options, Span, TokenKind, Tokens, parse};
///
/// let tokens: Tokens = parse(b"<?php echo 1;", Options::default(), &Arena::new())
///     .map(|tree| tree.into_tokens())
///     .unwrap();
/// assert_eq!(tokens.len(), 5);
/// assert_eq!(tokens.kind(1), TokenKind::Echo);
/// assert_eq!(tokens.span(1), Span { start: 6, end: 10 });
/// assert_eq!(tokens.starting_at(11), Some(3));
/// assert_eq!(tokens.starting_at(12), Some(4));
/// assert_eq!(tokens.starting_at(13), None);
/// assert_eq!(tokens.containing(8), Some(1));
/// ```
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The last one is no token: it stands where the last token ends.
    lexemes: Vec<Lexeme>,
}

impl Default for Tokens {
    /// Those of an empty source.
    fn default() -> Self {
        Self::new(vec![Lexeme { start: 0, kind: END }])
    }
}

impl Tokens {
    /// The tokens of a source, which PHP's parser need not accept.
    ///
    /// # Panics
    ///
    /// If the source has more than `u32::MAX` bytes.
    #[must_use]
    pub fn lex(source: &[u8], options: Options) -> Self {
        Self::new(read(source, options).0)
    }

    pub(crate) fn new(lexemes: Vec<Lexeme>) -> Self {
        debug_assert!(!lexemes.is_empty(), "the end has an entry too");
        Self { lexemes }
    }

    /// The same list in no more memory than it needs.
    pub(crate) fn shrunk(mut self) -> Self {
        self.lexemes.shrink_to_fit();
        self
    }

    /// How many tokens there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.lexemes.len() - 1
    }

    /// Whether there are none, as in an empty source.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a token is.
    ///
    /// # Panics
    ///
    /// If there is no token with that index.
    #[inline]
    #[must_use]
    pub fn kind(&self, index: usize) -> TokenKind {
        self.get(index).kind
    }

    /// The bytes of a token.
    ///
    /// # Panics
    ///
    /// If there is no token with that index.
    #[inline]
    #[must_use]
    pub fn span(&self, index: usize) -> Span {
        self.get(index).span
    }

    /// A token.
    ///
    /// # Panics
    ///
    /// If there is no token with that index.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Token {
        token(&self.lexemes[index..=index + 1])
    }

    /// All tokens.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Token> + ExactSizeIterator + Clone + '_ {
        self.lexemes.windows(2).map(token)
    }

    /// The tokens with these indexes.
    ///
    /// # Panics
    ///
    /// If there are no such tokens.
    pub fn slice(
        &self,
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Token> + ExactSizeIterator + Clone + '_ {
        self.lexemes[range.start..=range.end].windows(2).map(token)
    }

    /// The index of the token that starts at a byte, if one does. It takes
    /// logarithmic time.
    #[must_use]
    pub fn starting_at(&self, offset: u32) -> Option<usize> {
        let tokens = &self.lexemes[..self.len()];
        tokens.binary_search_by_key(&offset, |lexeme| lexeme.start).ok()
    }

    /// The index of the token that a byte belongs to; none at the end of the
    /// source and after it. It takes logarithmic time.
    #[must_use]
    pub fn containing(&self, offset: u32) -> Option<usize> {
        let after = self.lexemes.partition_point(|lexeme| lexeme.start <= offset);
        let index = after.checked_sub(1)?;
        (index < self.len()).then_some(index)
    }

    /// The indexes of the tokens that start in a span: those that lie in it, if
    /// it ends where a token ends. It takes logarithmic time.
    #[must_use]
    pub fn within(&self, span: Span) -> Range<usize> {
        let first = self.lexemes.partition_point(|lexeme| lexeme.start < span.start);
        let last = self.lexemes.partition_point(|lexeme| lexeme.start < span.end);
        let last = last.min(self.len());
        first.min(last)..last
    }
}

/// The token that starts where the first of two entries says.
#[inline]
fn token(pair: &[Lexeme]) -> Token {
    Token { kind: pair[0].kind, span: Span { start: pair[0].start, end: pair[1].start } }
}
