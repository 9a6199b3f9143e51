//! What becomes of a `return` that ends a member before the bundle ends: a jump
//! to the end of its part. It stays in a member that is a function.
//!
//! Declarations after it stay where they are, so that PHP declares them as
//! early as it did. What a member returns is computed, and used by nobody: in an
//! array, since PHP does not read a variable that stands for itself, and would not
//! say that it is not there. No brace is used: it would end a doc comment.

use std::sync::Arc;

use crate::edit::{Edits, NewToken, Rule, new_tokens};
use crate::rewrite::Context;

pub(super) fn jump(context: Context<'_>, edits: &mut Edits) {
    let returns = &context.module.facts.returns;
    if context.is_last || returns.is_empty() || context.module.is_function() {
        return;
    }
    let name = format!("tilde_end_{}", context.position);
    let code =
        |code: &str| -> Arc<[NewToken]> { new_tokens(code.as_bytes(), context.options).into() };
    // All of them become the same.
    let plain = (code(""), code(&format!("goto {name};")));
    let with_value = (code("for(array("), code(&format!(");;)goto {name};")));
    for it in returns {
        let (start, jump) = if it.has_value { with_value.clone() } else { plain.clone() };
        edits.replace(it.keyword, start, Rule::Return);
        if it.terminator.of(context.text) == b";" {
            edits.replace(it.terminator, jump, Rule::Return);
        } else {
            edits.insert_all(it.terminator.start, jump, Rule::Return);
        }
    }
    let facts = &context.module.facts;
    let last = facts.body.segments.last().filter(|_| !facts.ends_unbraced());
    let end = last.map_or(context.end(), |segment| segment.end);
    edits.insert_all(end, code(&format!("{name}:")), Rule::Return);
}
