//! The parser: where it is among the tokens, how it looks and moves on, and what
//! it does when it cannot. The grammar is in the files beside this one.
//!
//! PHP's own parser is made by bison and stops at the first token with which no
//! valid program can go on. So do we: everything here looks at the token before
//! it takes it, and nothing takes more than the grammar has.

use std::result;

use bumpalo::Bump;
use tilde_lexer::{TokenKind, Version};

use crate::ast::{
    Argument, Element, Expression, Identifier, Member, Name, Parameter, Statement, StringPart,
};
use crate::error::{ErrorKind, Expected, Refusal};
use crate::span::{Position, Span};
use crate::tokens::{END, Lexeme, is_skipped};

/// How deep expressions and statements may nest. PHP's own parser has room for
/// 10,000 symbols, and each level takes one at least, so that no program of
/// PHP's is refused for its depth.
///
/// Chains do not count: see [`MAX_CHAIN`].
pub const MAX_DEPTH: u32 = 10_000;

/// How many operators a chain may have: `1 + 1 + 1 …`, `$a->b()->c() …`. PHP compiles
/// one by recursion, and its stack overflows long before.
pub const MAX_CHAIN: u32 = 1_000_000;

/// How many parameters a function may have, and how many names a `use`, a `const`, a
/// `declare` or a type: far more than anybody writes, since each takes a hundred times
/// the memory of its bytes.
pub const MAX_NAMES: u32 = 200_000;

/// So many levels fit into the stack that is left when it is looked at.
const LEVELS_PER_CHECK: u32 = 16;
const STACK_LEFT: usize = 256 * 1024;
const STACK_MORE: usize = 2 * 1024 * 1024;

/// Does something that goes one level deeper, with more stack if little is left: the trees that
/// the parser makes are deeper than the stack of a thread.
#[inline(never)]
pub(crate) fn deeper<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_LEFT, STACK_MORE, work)
}

/// The parser has failed; [`Parser::failure`] says how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop;

pub(crate) type Result<T> = result::Result<T, Stop>;

/// What could have stood in the place of an error.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted {
    Token(TokenKind),
    OneOf(&'static [Expected]),
}

/// Where and how the parser has failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    /// The place of the token in the list.
    pub(crate) index: usize,
    pub(crate) kind: ErrorKind,
    pub(crate) wanted: Wanted,
    /// What it is about, if that is not the token.
    pub(crate) place: Option<Span>,
    /// The place whose line PHP reports, if that is not the token's.
    pub(crate) line_at: Option<u32>,
}

pub(crate) struct Parser<'a, 't> {
    pub(crate) source: &'a [u8],
    pub(crate) version: Version,
    pub(crate) arena: &'a Bump,
    /// All tokens, with [`END`] as the last one.
    tokens: &'t [Lexeme],
    /// The place of the current token: the next one to take.
    pub(crate) index: usize,
    /// Its kind.
    pub(crate) kind: TokenKind,
    /// Where it starts.
    pub(crate) start: u32,
    /// Where the token taken last ends.
    pub(crate) previous_end: u32,
    /// The doc comment that PHP would give to a declaration here.
    doc: Option<Position>,
    depth: u32,
    /// Where the file ends for PHP, if that is not where it ends.
    halted_at: Option<u32>,
    pub(crate) failure: Option<Failure>,
    pub(crate) scratch: Scratch<'a>,
}

/// Lists under construction, of which the inner ones end first.
#[derive(Default)]
pub(crate) struct Scratch<'a> {
    pub(crate) statements: Vec<Statement<'a>>,
    pub(crate) expressions: Vec<Expression<'a>>,
    pub(crate) arguments: Vec<Argument<'a>>,
    pub(crate) elements: Vec<Element<'a>>,
    pub(crate) parts: Vec<StringPart<'a>>,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) members: Vec<Member<'a>>,
    pub(crate) names: Vec<Name>,
    /// Where the `$` of `$$a` are.
    pub(crate) dollars: Vec<u32>,
}

/// Moves what was added to a list since it had that length into the arena.
#[inline]
pub(crate) fn finish<'a, T: Copy>(arena: &'a Bump, list: &mut Vec<T>, length: usize) -> &'a [T] {
    if list.len() == length {
        return &[];
    }
    let slice = arena.alloc_slice_copy(&list[length..]);
    list.truncate(length);
    slice
}

impl<'a, 't> Parser<'a, 't> {
    pub(crate) fn new(
        source: &'a [u8],
        version: Version,
        arena: &'a Bump,
        tokens: &'t [Lexeme],
    ) -> Self {
        let mut parser = Self {
            source,
            version,
            arena,
            tokens,
            index: 0,
            kind: END,
            start: 0,
            previous_end: 0,
            doc: None,
            depth: 0,
            halted_at: None,
            failure: None,
            scratch: Scratch::default(),
        };
        parser.arrive(0);
        parser
    }

    /// How many tokens there are from the current one on.
    pub(crate) fn tokens_left(&self) -> usize {
        self.tokens.len() - self.index
    }

    #[inline]
    pub(crate) fn has(&self, version: Version) -> bool {
        self.version >= version
    }

    /// Goes to the next token at or behind that place that the grammar knows of.
    #[inline]
    fn arrive(&mut self, mut index: usize) {
        let mut lexeme = self.tokens[index];
        while is_skipped(lexeme.kind) {
            if lexeme.kind == TokenKind::DocComment {
                self.doc = Some(Position::new(lexeme.start));
            }
            index += 1;
            lexeme = self.tokens[index];
        }
        if lexeme.kind == TokenKind::CloseBrace {
            self.doc = None;
        }
        self.index = index;
        self.kind = lexeme.kind;
        self.start = lexeme.start;
    }

    /// Takes the current token, which is not [`END`].
    #[inline]
    pub(crate) fn bump(&mut self) {
        self.previous_end = self.tokens[self.index + 1].start;
        self.arrive(self.index + 1);
    }

    /// Takes the current token and says where it was.
    #[inline]
    pub(crate) fn take(&mut self) -> Position {
        let position = Position::new(self.start);
        self.bump();
        position
    }

    /// Takes the current token as a whole.
    #[inline]
    pub(crate) fn take_span(&mut self) -> Span {
        let start = self.start;
        self.bump();
        self.span_from(start)
    }

    /// From there up to the end of the token taken last.
    #[inline]
    pub(crate) fn span_from(&self, start: u32) -> Span {
        Span { start, end: self.previous_end }
    }

    #[inline]
    pub(crate) fn at(&self, kind: TokenKind) -> bool {
        self.kind == kind
    }

    /// Takes the current token if it is of that kind.
    #[inline]
    pub(crate) fn eat(&mut self, kind: TokenKind) -> bool {
        let is_there = self.kind == kind;
        if is_there {
            self.bump();
        }
        is_there
    }

    /// Takes the current token if it is of that kind and says where it was.
    #[inline]
    pub(crate) fn take_if(&mut self, kind: TokenKind) -> Option<Position> {
        if self.kind == kind { Some(self.take()) } else { None }
    }

    #[inline]
    pub(crate) fn expect(&mut self, kind: TokenKind) -> Result<Position> {
        if self.kind == kind {
            return Ok(self.take());
        }
        self.fail(Wanted::Token(kind))
    }

    /// Whether a `;` or `?>` comes.
    #[inline]
    pub(crate) fn at_terminator(&self) -> bool {
        matches!(self.kind, TokenKind::Semicolon | TokenKind::CloseTag)
    }

    /// Takes a `;` or `?>`.
    #[inline]
    pub(crate) fn terminator(&mut self) -> Result<Position> {
        if self.at_terminator() {
            return Ok(self.take());
        }
        self.fail(Wanted::Token(TokenKind::Semicolon))
    }

    /// The kind of the token behind the current one.
    pub(crate) fn peek(&self) -> TokenKind {
        self.peek_from(self.index).1
    }

    /// The kinds of the two tokens behind the current one.
    pub(crate) fn peek_two(&self) -> (TokenKind, TokenKind) {
        let (index, first) = self.peek_from(self.index);
        if first == END { (END, END) } else { (first, self.peek_from(index).1) }
    }

    fn peek_from(&self, index: usize) -> (usize, TokenKind) {
        let behind = self.tokens.get(index + 1..).unwrap_or_default();
        let next = behind.iter().position(|lexeme| !is_skipped(lexeme.kind));
        next.map_or((index, END), |next| (index + 1 + next, behind[next].kind))
    }

    /// The doc comment that PHP gives to the declaration that it is reading.
    #[inline]
    pub(crate) fn take_doc(&mut self) -> Option<Position> {
        self.doc.take()
    }

    /// PHP forgets the last doc comment at a namespace.
    pub(crate) fn forget_doc(&mut self) {
        self.doc = None;
    }

    /// Takes all that is left of the file as one piece.
    pub(crate) fn take_rest(&mut self, start: u32) -> Span {
        let last = self.tokens.len() - 1;
        self.halted_at = Some(start);
        self.arrive(last);
        self.previous_end = self.start;
        self.span_from(start)
    }

    /// Fails at the current token.
    #[cold]
    pub(crate) fn fail<T>(&mut self, wanted: Wanted) -> Result<T> {
        let kind = if self.kind == END { None } else { Some(self.kind) };
        self.fail_with(ErrorKind::Unexpected(kind), wanted)
    }

    /// Fails at the current token, where one of these could stand.
    #[cold]
    pub(crate) fn unexpected<T>(&mut self, expected: &'static [Expected]) -> Result<T> {
        self.fail(Wanted::OneOf(expected))
    }

    /// Fails for what was taken since that place.
    #[cold]
    pub(crate) fn refuse<T>(&mut self, refusal: Refusal, start: u32) -> Result<T> {
        self.refuse_at(refusal, self.span_from(start), Some(self.previous_end))
    }

    /// Fails for what stands in a place. PHP reports the line of another one, or
    /// else that of the current token.
    #[cold]
    pub(crate) fn refuse_at<T>(
        &mut self,
        refusal: Refusal,
        place: Span,
        line_at: Option<u32>,
    ) -> Result<T> {
        let (index, wanted) = (self.index, Wanted::OneOf(&[]));
        let kind = ErrorKind::Refused(refusal);
        self.failure = Some(Failure { index, kind, wanted, place: Some(place), line_at });
        Err(Stop)
    }

    fn fail_with<T>(&mut self, kind: ErrorKind, wanted: Wanted) -> Result<T> {
        // Behind `__halt_compiler();` PHP does not count lines any more.
        let place = self.halted_at.map(|end| Span { start: end, end });
        let (index, line_at) = (self.index, self.halted_at);
        self.failure = Some(Failure { index, kind, wanted, place, line_at });
        Err(Stop)
    }

    /// Parses something that may contain its like.
    #[inline]
    pub(crate) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        let result = if self.depth.is_multiple_of(LEVELS_PER_CHECK) {
            self.deep(parse)
        } else {
            parse(self)
        };
        self.depth -= 1;
        result
    }

    /// Counts an operator of a chain.
    #[inline]
    pub(crate) fn link(&mut self, links: &mut u32) -> Result<()> {
        self.count(links, MAX_CHAIN, ErrorKind::TooLong)
    }

    /// Counts a name of a list.
    #[inline]
    pub(crate) fn name_in_list(&mut self, names: &mut u32) -> Result<()> {
        self.count(names, MAX_NAMES, ErrorKind::TooMany)
    }

    #[inline]
    fn count(&mut self, count: &mut u32, most: u32, beyond: ErrorKind) -> Result<()> {
        *count += 1;
        if *count > most {
            return self.fail_with(beyond, Wanted::OneOf(&[]));
        }
        Ok(())
    }

    #[inline(never)]
    fn deep<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth > MAX_DEPTH {
            return self.fail_with(ErrorKind::TooDeep, Wanted::OneOf(&[]));
        }
        deeper(|| parse(self))
    }

    pub(crate) fn whole_source(&self) -> Span {
        Span { start: 0, end: self.source.len() as u32 }
    }

    // Names.

    /// An identifier that is no keyword.
    #[inline]
    pub(crate) fn plain_identifier(&mut self) -> Result<Identifier> {
        if self.at(TokenKind::String) {
            return Ok(Identifier { span: self.take_span() });
        }
        self.unexpected(&[Expected::Identifier])
    }

    /// An identifier. From PHP 7.0 most keywords are allowed.
    #[inline]
    pub(crate) fn identifier(&mut self) -> Result<Identifier> {
        if self.at_identifier() {
            return Ok(Identifier { span: self.take_span() });
        }
        self.unexpected(&[Expected::Identifier])
    }

    #[inline]
    pub(crate) fn at_identifier(&self) -> bool {
        self.kind == TokenKind::String || self.is_semi_reserved(self.kind)
    }

    /// Whether a keyword may be the name of a member.
    #[inline]
    pub(crate) fn is_semi_reserved(&self, kind: TokenKind) -> bool {
        is_keyword(kind) && self.has(Version::V7_0)
    }

    /// Whether the name of a class, function or constant comes.
    #[inline]
    pub(crate) fn at_name(&self) -> bool {
        match self.kind {
            TokenKind::String
            | TokenKind::NameQualified
            | TokenKind::NameFullyQualified
            | TokenKind::NameRelative => true,
            // Only `\` may follow a `namespace`, which PHP finds out one token later.
            TokenKind::NsSeparator | TokenKind::Namespace => !self.has(Version::V8_0),
            _ => false,
        }
    }

    /// The name of a class, function or constant.
    #[inline]
    pub(crate) fn name(&mut self) -> Result<Name> {
        if self.has(Version::V8_0) {
            if self.at_name() {
                return Ok(Name { span: self.take_span() });
            }
            return self.unexpected(&[Expected::Name]);
        }
        self.separated_name()
    }

    /// Up to PHP 7.4 the parts of a name are tokens of their own.
    fn separated_name(&mut self) -> Result<Name> {
        if !self.at_name() {
            return self.unexpected(&[Expected::Name]);
        }
        let start = self.start;
        match self.kind {
            TokenKind::Namespace => {
                self.bump();
                self.expect(TokenKind::NsSeparator)?;
            }
            TokenKind::NsSeparator => self.bump(),
            _ => {}
        }
        self.rest_of_name(start)
    }

    /// `A\B`, of which something may have been taken already. The separator
    /// before the brace of a `use` with a group stays.
    pub(crate) fn rest_of_name(&mut self, start: u32) -> Result<Name> {
        self.plain_identifier()?;
        while self.at(TokenKind::NsSeparator) && self.peek() != TokenKind::OpenBrace {
            self.bump();
            self.plain_identifier()?;
        }
        Ok(Name { span: self.span_from(start) })
    }

    /// The name of a class, or `static`.
    pub(crate) fn class_name(&mut self) -> Result<Name> {
        if self.at(TokenKind::Static) && self.has(Version::V5_3) {
            return Ok(Name { span: self.take_span() });
        }
        self.name()
    }

    /// Names of classes, separated by commas.
    pub(crate) fn class_names(&mut self) -> Result<&'a [Name]> {
        let length = self.scratch.names.len();
        loop {
            let name = if self.has(Version::V8_0) { self.class_name()? } else { self.name()? };
            self.scratch.names.push(name);
            if !self.eat(TokenKind::Comma) {
                return Ok(finish(self.arena, &mut self.scratch.names, length));
            }
        }
    }
}

/// Whether a token is a keyword that may be the name of a member.
#[inline]
pub(crate) fn is_keyword(kind: TokenKind) -> bool {
    kind.is_word()
        && !matches!(
            kind,
            TokenKind::HaltCompiler
                | TokenKind::PrivateSet
                | TokenKind::ProtectedSet
                | TokenKind::PublicSet
        )
}
