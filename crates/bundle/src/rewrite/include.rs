//! What becomes of an `include` of a member: a call of its function, or `true`
//! where it has run already, which is what PHP returns for it.

use tilde_syntax::Span;

use crate::edit::{Edits, Rule, new_tokens};
use crate::link::Resolution;
use crate::rewrite::Context;

/// Returns what is replaced, in order.
pub(super) fn resolve(context: Context<'_>, edits: &mut Edits) -> Vec<Span> {
    let mut replaced: Vec<Span> = Vec::new();
    for include in &context.module.facts.includes {
        let Some(resolution) = context.link.resolve(include, context.module) else { continue };
        // One in the path of another one goes with it.
        if replaced.last().is_none_or(|last| !last.contains(include.span)) {
            let code = match resolution {
                Resolution::Done => b"true".to_vec(),
                Resolution::Call(code) => code,
            };
            edits.replace(include.span, new_tokens(&code, context.options), Rule::Include);
            replaced.push(include.span);
        }
    }
    replaced
}
