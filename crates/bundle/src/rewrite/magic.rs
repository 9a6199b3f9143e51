//! What becomes of `__LINE__`, `__FILE__` and `__DIR__`.
//!
//! A line is the number that it has in its own file: PHP counts `\n`, `\r\n` and
//! a lone `\r` as one line break each. A path is made from the bundle's own
//! place, so that both can be moved together, unless the recipe wants it as it is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use tilde_lexer::TokenKind as K;
use tilde_syntax::Span;

use crate::edit::{Edits, NewToken, Rule};
use crate::link::is_within;
use crate::rewrite::Context;

/// Replaces all but those in includes that are replaced themselves.
pub(super) fn replace(context: Context<'_>, includes: &[Span], edits: &mut Edits) {
    let is_gone = |span: Span| is_within(includes, span);
    let mut lines: Vec<Span> = Vec::new();
    let mut paths: BTreeMap<&[u8], Arc<[NewToken]>> = BTreeMap::new();
    for (kind, span) in context.module.facts.magic.iter().filter(|(_, span)| !is_gone(*span)) {
        if *kind == K::Line {
            lines.push(*span);
        } else if let Some(root) = &context.link.root
            && let Some(path) = root.path_of(context.module.source, *kind == K::File)
        {
            let tokens =
                paths.entry(path).or_insert_with(|| root.expression(path, context.options).into());
            edits.replace(*span, tokens.clone(), Rule::Magic);
        }
    }
    numbers(context, &lines, edits);
}

fn numbers(context: Context<'_>, spans: &[Span], edits: &mut Edits) {
    let mut spans = spans.iter();
    let Some(mut next) = spans.next() else { return };
    let mut start = 0;
    for (token, _, line) in tilde_lexer::lines(context.text, context.options) {
        if start == next.start {
            let bytes = Cow::Owned(line.to_string().into_bytes());
            edits.replace(*next, vec![NewToken { kind: K::LNumber, bytes }], Rule::Magic);
            let Some(span) = spans.next() else { return };
            next = span;
        }
        start += token.len;
    }
}
