//! What becomes of a declaration that must not be there before its place:
//! `if(true){…}` stands around it, and PHP declares it where it is reached.

use std::sync::Arc;

use crate::edit::{Edits, NewToken, Rule, new_tokens};
use crate::module::Shape;
use crate::rewrite::Context;

pub(super) fn wrap(context: Context<'_>, edits: &mut Edits) {
    if context.module.shape != Shape::Guarded {
        return;
    }
    // What stands around one declaration stands around each.
    let [open, close]: [Arc<[NewToken]>; 2] =
        [&b"if(true){"[..], b"}"].map(|code| new_tokens(code, context.options).into());
    for it in context.module.facts.declarations.iter().filter(|it| it.is_hoisted) {
        edits.insert_all(it.start, open.clone(), Rule::Guard);
        edits.insert_all(it.statement.end, close.clone(), Rule::Guard);
    }
}
