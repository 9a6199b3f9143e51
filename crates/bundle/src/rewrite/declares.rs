//! What becomes of a `declare` at the start of a member: its file of the bundle
//! says it once, for all members in it.
//!
//! A `?>` that ends it stays. Doc comments before it belong to nothing in their
//! file; without the statement they would document what comes next.

use tilde_lexer::TokenKind;
use tilde_syntax::Span;

use crate::edit::{Edits, Rule};
use crate::facts::Declare;
use crate::files::has_own_declare;
use crate::rewrite::Context;

pub(super) fn lift(context: Context<'_>, edits: &mut Edits) {
    let mut docs_from = 0;
    let is_own = has_own_declare(context.module);
    let stays = |declare: &&Declare| is_own && !declare.is_first;
    for declare in context.module.facts.declares.iter().filter(|it| !stays(it)) {
        for doc in context.docs_between(docs_from, declare.span.end) {
            if !declare.span.contains(doc.span) {
                edits.remove(doc.span, Rule::Strict);
            }
        }
        docs_from = declare.span.end;
        edits.remove(without_close_tag(context, declare.span), Rule::Strict);
    }
}

fn without_close_tag(context: Context<'_>, span: Span) -> Span {
    let tokens = &context.module.tokens;
    let last = tokens.slice(tokens.within(span)).next_back();
    match last {
        Some(token) if token.kind == TokenKind::CloseTag => Span { end: token.span.start, ..span },
        _ => span,
    }
}
