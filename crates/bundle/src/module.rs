//! One member: its bytes, its tokens and what its tree says, from one lex and
//! one parse.
//!
//! The tree itself is gone when a module is made: all that later phases need of
//! it is in [`Facts`]. Code in `//[RUNTIME]` blocks that are left out is no part
//! of the program, so it is blanked before the parse; the tokens are those of
//! the source as it is.

use std::ops::Range;

use tilde_lexer::{Options, TokenKind};
use tilde_syntax::{Arena, Span, SyntaxError, Token, Tokens, parse};

use crate::diagnostic::Diagnostic;
use crate::facts::{Declaration, Facts};
use crate::source::SourceId;
use crate::{Recipe, RuntimeBlocks, Scope, runtime};

/// When a member runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// Where the bundle is loaded.
    AtOnce,
    /// When something asks for it.
    OnDemand,
}

/// What the code of a member becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// It stands in the bundle as in its file: PHP declares functions and plain
    /// classes before anything runs.
    Inline,
    /// The same, but declarations are there only from their places on.
    Guarded,
    /// The body of a function, in which nothing is declared ahead of its place.
    Function,
}

/// What is known of one member.
pub(crate) struct Module {
    pub(crate) source: SourceId,
    pub(crate) load: Load,
    /// Which file of the bundle it is in.
    pub(crate) file: usize,
    pub(crate) shape: Shape,
    /// The declarations that come before all else, where they are guarded.
    pub(crate) first: Vec<usize>,
    pub(crate) tokens: Tokens,
    /// Runtime blocks to leave out, in bytes.
    pub(crate) removed: Vec<Span>,
    pub(crate) facts: Facts,
}

impl Module {
    /// A member of at most `u32::MAX` bytes, and what is wrong with it.
    pub(crate) fn new(
        source: SourceId,
        load: Load,
        text: &[u8],
        recipe: &Recipe,
        arena: &mut Arena,
    ) -> (Self, Vec<Diagnostic>) {
        let options = recipe.lexer;
        let (removed, mut diagnostics) = match recipe.runtime_blocks {
            RuntimeBlocks::Remove => runtime::blocks(source, text, options),
            RuntimeBlocks::Keep => (Vec::new(), Vec::new()),
        };
        let parsed = if removed.is_empty() {
            read(text, options, arena)
        } else {
            let program = runtime::blanked(text, &removed);
            let parsed = read(&program, options, arena);
            parsed.map(|(_, facts)| (Tokens::lex(text, options), facts))
        };
        let (tokens, facts) = parsed.unwrap_or_else(|error| {
            diagnostics.push(syntax_error(source, &error, text.len(), !removed.is_empty()));
            (Tokens::default(), Facts::default())
        });
        let shape = match (load, recipe.scope) {
            (Load::AtOnce, Scope::Shared) => Shape::Inline,
            (Load::AtOnce, Scope::Own) | (Load::OnDemand, _) => Shape::Function,
        };
        (
            Self { source, load, file: 0, shape, first: Vec::new(), tokens, removed, facts },
            diagnostics,
        )
    }

    /// The tokens that do something: no blanks, comments or removed blocks.
    pub(crate) fn significant(&self) -> impl DoubleEndedIterator<Item = Token> + '_ {
        self.tokens.iter().filter(|token| !token.kind.is_trivia() && !self.is_removed(token.span))
    }

    /// Whether a place is in a block that is left out.
    pub(crate) fn is_removed(&self, span: Span) -> bool {
        let next = self.removed.partition_point(|block| block.end <= span.start);
        self.removed.get(next).is_some_and(|block| block.contains(span))
    }

    /// Whether nothing happens when the member is read but declarations.
    pub(crate) fn only_declares(&self) -> bool {
        self.facts.first_effect.is_none() && self.facts.halt.is_none()
    }

    /// Whether it runs when something asks for it.
    pub(crate) fn is_on_demand(&self) -> bool {
        self.load == Load::OnDemand
    }

    /// Whether its code is the body of a function.
    pub(crate) fn is_function(&self) -> bool {
        self.shape == Shape::Function
    }

    /// Whether PHP declares this before the first statement of the bundle runs, if
    /// its parent is there.
    pub(crate) fn hoists(&self, declaration: &Declaration) -> bool {
        self.shape == Shape::Inline && declaration.is_hoisted
    }

    /// Whether the member does nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.facts.is_empty
    }
}

fn read(text: &[u8], options: Options, arena: &mut Arena) -> Result<(Tokens, Facts), SyntaxError> {
    arena.reset();
    let tree = parse(text, options, arena)?;
    let facts = Facts::of(&tree);
    Ok((tree.into_tokens(), facts))
}

/// A mistake as a finding. PHP stops at it, and so does the build.
fn syntax_error(source: SourceId, error: &SyntaxError, len: usize, has_blocks: bool) -> Diagnostic {
    let span = |span: Span| range(span).start.min(len)..range(span).end.min(len);
    let mut diagnostic = Diagnostic::error("T-SYNTAX", error.to_string());
    diagnostic = match &error.cause {
        None => diagnostic.label(source, span(error.span), ""),
        Some(cause) if cause.span == error.span => {
            diagnostic.label(source, span(error.span), cause.to_string())
        }
        Some(cause) => diagnostic.label(source, span(error.span), "").label(
            source,
            span(cause.span),
            cause.to_string(),
        ),
    };
    diagnostic.help(if has_blocks {
        "correct the file; it is read without its `//[RUNTIME]` blocks"
    } else {
        "correct the file, or choose the PHP version that it is written for"
    })
}

/// A place as labels have it.
pub(crate) fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Whether a token counts in the proof.
pub(crate) fn is_significant(kind: TokenKind, has_docs: bool) -> bool {
    match kind {
        TokenKind::DocComment => has_docs,
        _ => !kind.is_trivia(),
    }
}
