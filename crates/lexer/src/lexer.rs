//! The lexer: its state, and the choice by mode. The modes are PHP's own, a
//! current one and a stack of those to come back to; each has a file or a part
//! of one.

use crate::bytes::Classes;
use crate::gap::Gaps;
use crate::heredoc::Heredocs;
use crate::{Options, TokenKind, Version};

/// One token: what it is and how many bytes it has.
///
/// Where it stands is the sum of the lengths before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The length in bytes. It is 0 only for the
    /// [`EncapsedAndWhitespace`](TokenKind::EncapsedAndWhitespace) with which PHP
    /// gives up on a broken offset as in `"$a[ 0]"`.
    pub len: u32,
}

const _: () = assert!(size_of::<Token>() == 8);

/// The tokens of a source, one after the other, as PHP's scanner gives them to
/// `token_get_all()`.
#[derive(Clone, Debug)]
pub struct Lexer<'src> {
    pub(crate) source: &'src [u8],
    /// The bytes not lexed yet.
    pub(crate) rest: &'src [u8],
    pub(crate) options: Options,
    pub(crate) classes: &'static Classes,
    pub(crate) mode: Mode,
    /// The modes to come back to at a `}` and the like.
    pub(crate) stack: Vec<Mode>,
    /// The heredocs that have begun and not ended.
    pub(crate) heredocs: Heredocs<'src>,
    pub(crate) gaps: Gaps,
    /// The line breaks of the last token, if that is white space.
    pub(crate) newlines: u32,
    /// How many significant tokens PHP still lexes, from `__halt_compiler` on.
    /// 0 where there was none.
    halt: u8,
}

/// PHP's lexical states, `ST_…` in its scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `INITIAL`: outside of PHP.
    Initial,
    /// `ST_IN_SCRIPTING`.
    InScripting,
    /// `ST_DOUBLE_QUOTES`.
    DoubleQuotes,
    /// `ST_BACKQUOTE`.
    Backquote,
    /// `ST_HEREDOC`.
    Heredoc,
    /// `ST_NOWDOC`.
    Nowdoc,
    /// `ST_END_HEREDOC`: the label comes next.
    EndHeredoc,
    /// `ST_VAR_OFFSET`: in the brackets of `"$a[…]"`.
    VarOffset,
    /// `ST_LOOKING_FOR_PROPERTY`: after `->`.
    LookingForProperty,
    /// `ST_LOOKING_FOR_VARNAME`: after `${` in a string.
    LookingForVarname,
    /// After `__halt_compiler();`: no PHP any more.
    Halted,
}

impl Token {
    #[inline]
    pub(crate) fn new(len: usize, kind: TokenKind) -> Self {
        Self { kind, len: len as u32 }
    }
}

impl<'src> Lexer<'src> {
    /// Lexes a source of up to `u32::MAX` bytes from its start.
    ///
    /// # Panics
    ///
    /// If the source is longer. Whoever reads files refuses such a file.
    #[must_use]
    pub fn new(source: &'src [u8], options: Options) -> Self {
        assert!(u32::try_from(source.len()).is_ok(), "a source of 4 GiB or more");
        Self {
            source,
            rest: source,
            options,
            classes: Classes::of(options.version),
            mode: Mode::Initial,
            stack: Vec::new(),
            heredocs: Heredocs::default(),
            gaps: Gaps::default(),
            newlines: 0,
            halt: 0,
        }
    }

    /// Lexes other bytes as if they came where this lexer stands: in its mode,
    /// in its strings, heredocs and braces. A clone is a point to resume at.
    ///
    /// ```
    /// # use tilde_lexer::{Lexer, Options};
    /// let source = b"<?php echo \"a {$b} c\";";
    /// let mut lexer = Lexer::new(source, Options::default());
    /// lexer.nth(5); // up to `$b`
    /// let rest = lexer.resume(&source[lexer.offset()..]);
    /// assert!(rest.eq(lexer));
    /// ```
    ///
    /// # Panics
    ///
    /// If the bytes are more than `u32::MAX`.
    #[must_use]
    pub fn resume(&self, source: &'src [u8]) -> Self {
        assert!(u32::try_from(source.len()).is_ok(), "a source of 4 GiB or more");
        Self { source, rest: source, gaps: Gaps::default(), ..self.clone() }
    }

    /// Where the next token starts, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.source.len() - self.rest.len()
    }

    /// Whether what comes next is inside of a string or a heredoc, be it in the
    /// code of a `{$`.
    #[must_use]
    pub fn is_in_string(&self) -> bool {
        let is_outside = |mode: &Mode| {
            use Mode::{Halted, InScripting, Initial, LookingForProperty};
            matches!(mode, Initial | InScripting | LookingForProperty | Halted)
        };
        !is_outside(&self.mode) || !self.stack.iter().all(is_outside)
    }

    /// The byte so many places from here. Past the end it is NUL, which is
    /// what PHP's scanner sees there too.
    #[inline]
    pub(crate) fn peek(&self, ahead: usize) -> u8 {
        self.rest.get(ahead).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn has(&self, version: Version) -> bool {
        self.options.version >= version
    }

    #[inline]
    pub(crate) fn push(&mut self, mode: Mode) {
        self.stack.push(self.mode);
        self.mode = mode;
    }

    /// Back to the mode before; nothing happens where there is none.
    #[inline]
    pub(crate) fn pop(&mut self) {
        if let Some(mode) = self.stack.pop() {
            self.mode = mode;
        }
    }

    /// The next token, whatever the mode.
    #[inline(never)]
    pub(crate) fn by_mode(&mut self) -> Token {
        match self.mode {
            Mode::InScripting => self.scripting(),
            Mode::Initial => self.initial(),
            Mode::LookingForProperty => self.looking_for_property(),
            Mode::DoubleQuotes => self.quoted(b'"', TokenKind::DoubleQuote),
            Mode::Backquote => self.quoted(b'`', TokenKind::Backtick),
            Mode::Heredoc => self.heredoc(),
            Mode::Nowdoc => self.nowdoc(),
            Mode::EndHeredoc => self.end_heredoc(),
            Mode::VarOffset => self.var_offset(),
            Mode::LookingForVarname => self.looking_for_varname(),
            Mode::Halted => Token::new(self.rest.len(), TokenKind::InlineHtml),
        }
    }

    // PHP's tokenizer takes three significant tokens after `__halt_compiler`,
    // whatever they are, and the rest of the file as one piece. PHP 5.2 did not
    // know about it and lexed on.
    #[cold]
    pub(crate) fn begin_halt(&mut self) {
        if self.halt == 0 && self.has(Version::V5_3) {
            self.halt = 4;
        }
    }

    #[cold]
    fn count_down(&mut self, kind: TokenKind) {
        if kind.is_trivia() || kind == TokenKind::OpenTag {
            return;
        }
        self.halt -= 1;
        if self.halt == 0 {
            self.mode = Mode::Halted;
        }
    }

    /// The next token with its bytes.
    #[expect(clippy::inline_always, reason = "behind a call each token takes 20 % longer")]
    #[inline(always)]
    pub(crate) fn advance(&mut self) -> Option<(Token, &'src [u8])> {
        if self.rest.is_empty() {
            return None;
        }
        // Most tokens come from the two modes that are inlined here.
        let token = match self.mode {
            Mode::InScripting => self.scripting(),
            Mode::LookingForProperty => self.looking_for_property(),
            _ => self.by_mode(),
        };
        if self.halt > 0 {
            self.count_down(token.kind);
        }
        let (text, rest) = self.rest.split_at(token.len as usize);
        self.rest = rest;
        Some((token, text))
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    #[expect(clippy::inline_always, reason = "as `advance`")]
    #[inline(always)]
    fn next(&mut self) -> Option<Token> {
        self.advance().map(|(token, _)| token)
    }
}

impl std::iter::FusedIterator for Lexer<'_> {}

/// Each token with its bytes.
///
/// # Panics
///
/// If the source has more than `u32::MAX` bytes, as [`Lexer::new`].
pub fn tokens(source: &[u8], options: Options) -> impl Iterator<Item = (Token, &[u8])> {
    let mut lexer = Lexer::new(source, options);
    std::iter::from_fn(move || lexer.advance())
}
