//! What becomes of a namespace: a block with braces, so that it ends where its
//! file does.
//!
//! Imports end there too, and so even a file without a namespace gets a block
//! when another one has any of both. PHP refuses `namespace A;` beside
//! `namespace B { }` in one file.

use tilde_lexer::TokenKind as K;

use crate::edit::{Edits, Rule, new_token};
use crate::facts::Namespace;
use crate::rewrite::Context;

pub(super) fn brace(context: Context<'_>, edits: &mut Edits) {
    if !context.is_wrapped {
        return;
    }
    let namespaces = &context.module.facts.namespaces;
    let unbraced = namespaces.iter().filter(|namespace| namespace.terminator.is_some());
    for (index, namespace) in unbraced.enumerate() {
        if index > 0 {
            edits.insert(namespace.keyword.start, new_token(K::CloseBrace, b"}"), Rule::Namespace);
        }
        open(context, namespace, edits);
    }
    if context.module.facts.ends_unbraced() {
        edits.insert(context.end(), new_token(K::CloseBrace, b"}"), Rule::Namespace);
    }
}

fn open(context: Context<'_>, namespace: &Namespace, edits: &mut Edits) {
    let Some(terminator) = namespace.terminator else { return };
    let brace = new_token(K::OpenBrace, b"{");
    if terminator.of(context.text) == b";" {
        edits.replace(terminator, vec![brace], Rule::Namespace);
    } else {
        edits.insert(terminator.start, brace, Rule::Namespace);
    }
}
