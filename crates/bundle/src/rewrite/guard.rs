//! What becomes of a declaration that must not be there before its place:
//! `if(true){…}` stands around it, and PHP declares it where it is reached.

use crate::edit::{Edits, Rule, new_tokens};
use crate::module::Shape;
use crate::rewrite::Context;

pub(super) fn wrap(context: Context<'_>, edits: &mut Edits) {
    if context.module.shape != Shape::Guarded {
        return;
    }
    for it in context.module.facts.declarations.iter().filter(|it| it.is_hoisted) {
        edits.insert_all(it.start, new_tokens(b"if(true){", context.options), Rule::Guard);
        edits.insert_all(it.statement.end, new_tokens(b"}", context.options), Rule::Guard);
    }
}
