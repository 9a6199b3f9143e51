//! What becomes of `__LINE__`: the number of the line in its own file.
//!
//! PHP counts `\n`, `\r\n` and a lone `\r` as one line break each, also in
//! strings and HTML.

use std::borrow::Cow;

use tilde_lexer::TokenKind;

use crate::edit::{Edits, NewToken, Rule};
use crate::rewrite::Context;

pub(super) fn replace(context: Context<'_>, edits: &mut Edits) {
    let magic = context.module.facts.magic.iter();
    let mut spans = magic.filter(|(kind, _)| *kind == TokenKind::Line).map(|(_, span)| *span);
    let Some(mut next) = spans.next() else { return };
    let mut start = 0;
    for (token, _, line) in tilde_lexer::lines(context.text, context.options) {
        if start == next.start {
            let bytes = Cow::Owned(line.to_string().into_bytes());
            edits.replace(next, vec![NewToken { kind: TokenKind::LNumber, bytes }], Rule::Magic);
            let Some(span) = spans.next() else { return };
            next = span;
        }
        start += token.len;
    }
}
