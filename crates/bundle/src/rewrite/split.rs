//! What becomes of a member whose declarations PHP makes before its code runs, and
//! which must not be there before the member's place: first the
//! declarations and then all else, in pieces. Imports stand in each.

use tilde_syntax::Span;

use crate::edit::Edits;
use crate::rewrite::Context;

pub(super) fn pieces(context: Context<'_>, edits: Edits) -> Vec<Edits> {
    let module = context.module;
    let first: Vec<Span> =
        module.first.iter().map(|it| module.facts.declarations[it.index].statement).collect();
    if first.is_empty() {
        return vec![edits];
    }
    let heads: Vec<Span> = heads(context).collect();
    let only = |declarations: &[Span]| edits.only(&heads, declarations, context.end());
    // Each of a function's is in a function of its own.
    let mut pieces: Vec<Edits> = if module.is_function() {
        first.iter().map(|it| only(&[*it])).collect()
    } else {
        vec![only(&first)]
    };
    pieces.push(edits.without(&first));
    pieces
}

/// The starts of the namespaces with their imports, and their closing braces.
fn heads(context: Context<'_>) -> impl Iterator<Item = Span> + '_ {
    let facts = &context.module.facts;
    let tag = context.module.tokens.iter().next().map_or(0, |token| token.span.end);
    facts.body.segments.iter().enumerate().flat_map(move |(index, segment)| {
        let namespace = facts.namespaces.get(index);
        let start = if index == 0 { 0 } else { namespace.map_or(0, |it| it.keyword.start) };
        let end = segment.after.map_or(tag, |after| after.end);
        let is_braced = namespace.is_some_and(|it| it.terminator.is_none());
        let brace = is_braced.then_some(Span { start: segment.end, end: segment.end + 1 });
        std::iter::once(Span { start, end }).chain(brace)
    })
}
