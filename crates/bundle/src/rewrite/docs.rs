//! What becomes of doc comments at the end of a member: they do not document
//! the next one.
//!
//! PHP keeps a doc comment for the next declaration until it comes to a `}`:
//! `/** x */ $a = 1;` documents a class that follows.

use tilde_lexer::TokenKind as K;
use tilde_syntax::Token;

use crate::edit::{Edits, Rule, new_token};
use crate::rewrite::Context;

pub(super) fn detach(context: Context<'_>, edits: &mut Edits) {
    let Some(end) = context.last().map(|token| token.span.end) else { return };
    // From the end: most members have nothing there.
    let after = context.module.tokens.iter().rev().take_while(|token| token.span.start >= end);
    let is_doc = |it: &Token| it.kind == K::DocComment && !context.module.is_removed(it.span);
    for doc in after.filter(is_doc) {
        edits.remove(doc.span, Rule::Doc);
    }
    let is_closed = context.is_wrapped && context.module.facts.ends_unbraced();
    if !is_closed && leaks(context, end) {
        edits.insert(context.end(), new_token(K::OpenBrace, b"{"), Rule::Doc);
        edits.insert(context.end(), new_token(K::CloseBrace, b"}"), Rule::Doc);
    }
}

fn leaks(context: Context<'_>, end: u32) -> bool {
    if !context.has_docs || context.is_last {
        return false;
    }
    let before = context.module.tokens.iter().rev().skip_while(|token| token.span.start >= end);
    let mut kinds = before.map(|token| token.kind);
    kinds.find(|kind| matches!(kind, K::DocComment | K::CloseBrace)) == Some(K::DocComment)
}
