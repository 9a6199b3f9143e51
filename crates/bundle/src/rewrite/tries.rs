//! A `try` with a `finally` that may begin with a jump: it gets something before that.
//!
//! OPcache of PHP 8.2 leaves out a jump with which such a block begins, where the statement
//! before it may end the file, and takes the `try` for one that begins with the file: its
//! `finally` would catch what other members throw. `echo''` does nothing, and stays.

use crate::edit::{Edits, Rule, new_tokens};
use crate::rewrite::Context;

pub(super) fn hold(context: Context<'_>, edits: &mut Edits) {
    if context.module.is_function() {
        return;
    }
    for &start in &context.module.facts.jumping_tries {
        edits.insert_all(start, new_tokens(b"echo'';", context.options), Rule::Try);
    }
}
