//! What becomes of `require_once` of a member that has run already: `true`,
//! which is what PHP returns for it.

use tilde_lexer::TokenKind as K;
use tilde_syntax::Span;

use crate::edit::{Edits, Rule, new_token};
use crate::rewrite::Context;

/// Returns what is replaced, in order.
pub(super) fn resolve(context: Context<'_>, edits: &mut Edits) -> Vec<Span> {
    let mut replaced: Vec<Span> = Vec::new();
    for include in &context.module.facts.includes {
        if context.link.is_done(include, context.module.source) {
            // One in the path of another one goes with it.
            if replaced.last().is_none_or(|last| !last.contains(include.span)) {
                edits.replace(include.span, vec![new_token(K::String, b"true")], Rule::Include);
                replaced.push(include.span);
            }
        }
    }
    replaced
}
