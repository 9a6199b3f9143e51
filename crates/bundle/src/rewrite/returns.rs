//! What becomes of a `return` that ends a member before the bundle ends: a jump
//! to the end of its part. It stays in a member that is a function.
//!
//! Declarations after it stay where they are, so that PHP declares them as
//! early as it did. What a member returns is computed, and used by nobody.

use std::borrow::Cow;

use tilde_lexer::TokenKind as K;

use crate::edit::{Edits, NewToken, Rule, new_token};
use crate::rewrite::Context;

pub(super) fn jump(context: Context<'_>, edits: &mut Edits) {
    let returns = &context.module.facts.returns;
    if context.is_last || returns.is_empty() || context.module.is_function() {
        return;
    }
    let name = format!("tilde_end_{}", context.position).into_bytes();
    let label = || NewToken { kind: K::String, bytes: Cow::Owned(name.clone()) };
    for it in returns {
        edits.replace(it.keyword, vec![new_token(K::OpenBrace, b"{")], Rule::Return);
        let mut jump = Vec::new();
        if it.has_value {
            jump.push(new_token(K::Semicolon, b";"));
        }
        jump.push(new_token(K::Goto, b"goto"));
        jump.extend([label(), new_token(K::Semicolon, b";"), new_token(K::CloseBrace, b"}")]);
        if it.terminator.of(context.text) == b";" {
            edits.replace(it.terminator, jump, Rule::Return);
        } else {
            for token in jump {
                edits.insert(it.terminator.start, token, Rule::Return);
            }
        }
    }
    let facts = &context.module.facts;
    let last = facts.body.segments.last().filter(|_| !facts.ends_unbraced());
    let end = last.map_or(context.end(), |segment| segment.end);
    edits.insert(end, label(), Rule::Return);
    edits.insert(end, new_token(K::Colon, b":"), Rule::Return);
}
