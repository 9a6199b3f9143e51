//! A source with its tokens and its tree.

use std::borrow::Cow;

use bumpalo::Bump;
use tilde_lexer::{Options, Version};

use crate::ast::{Name, Node, Program};
use crate::error::SyntaxError;
use crate::explain::explain;
use crate::parser::Parser;
use crate::span::Span;
use crate::token_list::{Token, Tokens};
use crate::tokens::read;

/// A source that PHP accepts.
#[derive(Debug)]
pub struct Tree<'a> {
    source: &'a [u8],
    options: Options,
    tokens: Tokens,
    program: &'a Program<'a>,
}

/// Parses a source as the PHP of these options does, into an arena.
///
/// # Errors
///
/// The first mistake in the source, where PHP stops too.
///
/// # Panics
///
/// If the source has more than `u32::MAX` bytes, as [`tilde_lexer::Lexer::new`].
pub fn parse<'a>(
    source: &'a [u8],
    options: Options,
    arena: &'a Bump,
) -> Result<Tree<'a>, SyntaxError> {
    let (tokens, mistake) = read(source, options);
    let mut parser = Parser::new(source, options.version, arena, &tokens);
    let result = parser.program();
    match (result, parser.failure) {
        (Err(_), Some(failure)) => Err(explain(source, options, &tokens, failure, mistake)),
        (result, _) => {
            let program = result.expect("the parser says why it stops");
            let tokens = Tokens::new(tokens);
            Ok(Tree { source, options, program: arena.alloc(program), tokens })
        }
    }
}

impl<'a> Tree<'a> {
    /// The source that was parsed.
    #[must_use]
    pub fn source(&self) -> &'a [u8] {
        self.source
    }

    /// The PHP whose rules it follows.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// The root of the tree.
    #[must_use]
    pub fn program(&self) -> &'a Program<'a> {
        self.program
    }

    /// The bytes of a place.
    ///
    /// # Panics
    ///
    /// If the span is of another, longer source.
    #[must_use]
    pub fn text(&self, span: Span) -> &'a [u8] {
        span.of(self.source)
    }

    /// A name as it is meant: without the blanks and comments that may stand in
    /// one up to PHP 7.4.
    #[must_use]
    pub fn name_text(&self, name: Name) -> Cow<'a, [u8]> {
        let is_plain = |byte: &u8| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'#') && *byte >= b' '
        };
        let text = self.text(name.span);
        if self.options.version >= Version::V8_0 || text.iter().all(is_plain) {
            return Cow::Borrowed(text);
        }
        let counts = |token: &Token| !crate::tokens::is_skipped(token.kind);
        let parts = self.tokens_in(name.span).filter(counts);
        Cow::Owned(parts.flat_map(|token| self.text(token.span)).copied().collect())
    }

    /// All tokens of the source, with blanks, comments and tags.
    #[must_use]
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.tokens.iter()
    }

    /// The tokens that lie in a span, with blanks, comments and tags.
    #[must_use]
    pub fn tokens_in(&self, span: Span) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.tokens.slice(self.tokens.within(span))
    }

    /// All tokens of the source as a list, to find them by index and by place.
    #[must_use]
    pub fn token_list(&self) -> &Tokens {
        &self.tokens
    }

    /// The tokens of the source without the tree, in five bytes each. They
    /// borrow neither the source nor the arena.
    #[must_use]
    pub fn into_tokens(self) -> Tokens {
        self.tokens.shrunk()
    }

    /// The tokens of a node that belong to none of its children: its keywords,
    /// operators, parentheses, commas. Blanks, comments and tags between them
    /// are left out, but for `?>` and `<?=`, which do something.
    #[must_use]
    pub fn own_tokens(&self, node: Node<'a>) -> Vec<Token> {
        let mut children = Vec::new();
        node.add_children(&mut children);
        let mut children = children.into_iter().map(Node::span).peekable();
        let mut own = Vec::new();
        for token in self.tokens_in(node.span()) {
            while children.next_if(|child| child.end <= token.span.start).is_some() {}
            let is_inside = children.peek().is_some_and(|child| child.contains(token.span));
            if !is_inside && !crate::tokens::is_skipped(token.kind) {
                own.push(token);
            }
        }
        own
    }
}
