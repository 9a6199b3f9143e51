//! What becomes of a member in a bundle: one file a rule.
//!
//! A rule takes a member and what it has to know of the bundle, and makes edits.
//! It changes only bytes that no other rule changes; [`Edits::sorted`] checks
//! that.

mod declares;
mod docs;
mod guard;
mod include;
mod label;
pub(crate) mod magic;
mod namespace;
mod returns;
mod runtime;
mod shape;
mod split;
mod state;
mod tags;
mod tries;

pub(crate) use state::{class, is_noted as has_state};
use tilde_lexer::{Options, TokenKind};
use tilde_syntax::{Span, Token};

use crate::ByteOrderMarks;
use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, NewToken};
use crate::link::Link;
use crate::module::Module;

/// What the rules know.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) module: &'a Module,
    pub(crate) text: &'a [u8],
    pub(crate) options: Options,
    pub(crate) marks: ByteOrderMarks,
    /// Each member is in namespace blocks of its own.
    pub(crate) is_wrapped: bool,
    /// Doc comments stay.
    pub(crate) has_docs: bool,
    /// Where the member stands in the bundle.
    pub(crate) position: usize,
    pub(crate) is_last: bool,
    pub(crate) link: &'a Link<'a>,
}

/// A member with its edits.
pub(crate) struct Rewritten {
    /// One for each piece: the declarations that come first, where there are any,
    /// and all else.
    pub(crate) pieces: Vec<Edits>,
    /// The `#!` line that goes to the head of the bundle.
    pub(crate) shebang: Option<NewToken>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Applies all rules to a member.
pub(crate) fn rewrite(context: Context<'_>) -> Rewritten {
    let mut edits = Edits::default();
    let is_plain = context.module.is_plain;
    if !is_plain {
        runtime::remove(context, &mut edits);
        let includes = include::resolve(context, &mut edits);
        magic::replace(context, &includes, &mut edits);
        label::rename(context, &mut edits);
    }
    let (shebang, diagnostics) = tags::rewrite(context, &mut edits);
    declares::lift(context, &mut edits);
    if !is_plain {
        tries::hold(context, &mut edits);
        returns::jump(context, &mut edits);
    }
    guard::wrap(context, &mut edits);
    shape::first(context, &mut edits);
    shape::define(context, &mut edits);
    shape::close(context, &mut edits);
    namespace::brace(context, &mut edits);
    shape::open(context, &mut edits);
    docs::detach(context, &mut edits);
    state::note(context, &mut edits);
    let pieces = split::pieces(context, edits).into_iter().map(Edits::sorted).collect();
    Rewritten { pieces, shebang, diagnostics }
}

impl<'a> Context<'a> {
    fn bytes(self, token: Token) -> &'a [u8] {
        token.span.of(self.text)
    }

    fn end(self) -> u32 {
        self.text.len() as u32
    }

    /// The last token that does something.
    fn last(self) -> Option<Token> {
        self.module.significant().next_back()
    }

    /// The doc comments in a range of bytes, but for those in removed blocks.
    fn docs_between(self, start: u32, end: u32) -> impl Iterator<Item = Token> + 'a {
        let tokens = &self.module.tokens;
        let tokens = tokens.slice(tokens.within(Span { start, end }));
        tokens.filter(move |token| {
            token.kind == TokenKind::DocComment && !self.module.is_removed(token.span)
        })
    }
}
