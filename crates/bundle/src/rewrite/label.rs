//! What becomes of a label that two members have: each gets a name of its own.
//!
//! All code outside of functions is one function in a bundle, and labels are a
//! function's.

use std::borrow::Cow;

use tilde_lexer::TokenKind as K;

use crate::edit::{Edits, NewToken, Rule};
use crate::module::range;
use crate::rewrite::Context;

pub(super) fn rename(context: Context<'_>, edits: &mut Edits) {
    let facts = &context.module.facts;
    if context.module.is_function() {
        return;
    }
    if context.link.shared_labels.is_empty() {
        return;
    }
    for span in facts.labels.iter().chain(&facts.gotos) {
        let name = &context.text[range(*span)];
        if context.link.shared_labels.contains(name) {
            let bytes = [name, format!("_tilde_{}", context.position).as_bytes()].concat();
            let token = NewToken { kind: K::String, bytes: Cow::Owned(bytes) };
            edits.replace(*span, vec![token], Rule::Label);
        }
    }
}
