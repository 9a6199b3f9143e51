//! What becomes of a `return` that ends a member before the bundle ends: a jump
//! to the end of its part. It stays in a member that is a function.
//!
//! Declarations after it stay where they are, so that PHP declares them as
//! early as it did. What a member returns is computed, and used by nobody: in an
//! array, since PHP does not read a variable that stands for itself, and would not
//! say that it is not there. No brace is used: it would end a doc comment.

use std::borrow::Cow;

use tilde_lexer::TokenKind as K;

use crate::edit::{Edits, NewToken, Rule, new_token};
use crate::facts::Return;
use crate::rewrite::Context;

pub(super) fn jump(context: Context<'_>, edits: &mut Edits) {
    let returns = &context.module.facts.returns;
    if context.is_last || returns.is_empty() || context.module.is_function() {
        return;
    }
    let name = format!("tilde_end_{}", context.position).into_bytes();
    let label = || NewToken { kind: K::String, bytes: Cow::Owned(name.clone()) };
    for it in returns {
        edits.replace(it.keyword, opening(it), Rule::Return);
        let mut jump = if it.has_value { closing() } else { Vec::new() };
        jump.push(new_token(K::Goto, b"goto"));
        jump.extend([label(), new_token(K::Semicolon, b";")]);
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

/// `for(array(` in front of a value: one statement that computes it and jumps.
fn opening(it: &Return) -> Vec<NewToken> {
    if !it.has_value {
        return Vec::new();
    }
    let opening = [(K::For, &b"for"[..]), (K::OpenParenthesis, b"("), (K::Array, b"array")];
    let opening = opening.into_iter().chain([(K::OpenParenthesis, &b"("[..])]);
    opening.map(|(kind, bytes)| new_token(kind, bytes)).collect()
}

/// `);;)` behind it.
fn closing() -> Vec<NewToken> {
    let closing = [(K::CloseParenthesis, &b")"[..]), (K::Semicolon, b";"), (K::Semicolon, b";")];
    let closing = closing.into_iter().chain([(K::CloseParenthesis, &b")"[..])]);
    closing.map(|(kind, bytes)| new_token(kind, bytes)).collect()
}
