//! What becomes of `//[RUNTIME]` blocks: they go, markers included.

use crate::edit::{Edits, Rule};
use crate::rewrite::Context;

pub(super) fn remove(context: Context<'_>, edits: &mut Edits) {
    for block in &*context.module.removed {
        edits.remove(*block, Rule::Runtime);
    }
}
