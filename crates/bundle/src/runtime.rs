//! `//[RUNTIME]` … `//[/RUNTIME]`: code that must not reach a bundle.
//!
//! ThinkPHP marks so what only the unbundled application runs, such as the
//! loader of the files that the bundle already holds. Only comment tokens
//! count: ThinkPHP itself searches the raw bytes, so that a marker in a string
//! cut the string in two.

use std::ops::Range;

use tilde_lexer::TokenKind;

use crate::diagnostic::Diagnostic;
use crate::source::SourceId;
use crate::token::Token;

enum Marker {
    Open,
    Close,
}

/// The blocks of a source as ranges of tokens, markers included, in order.
/// Markers that do not pair are reported and belong to no block.
pub(crate) fn blocks(
    source: SourceId,
    text: &[u8],
    tokens: &[Token],
) -> (Vec<Range<usize>>, Vec<Diagnostic>) {
    let mut blocks = Vec::new();
    let mut diagnostics = Vec::new();
    let mut open: Option<usize> = None;
    for (index, token) in tokens.iter().enumerate() {
        match (marker(token, text), open) {
            (None, _) => {}
            (Some(Marker::Open), None) => open = Some(index),
            (Some(Marker::Open), Some(outer)) => {
                diagnostics.push(nested(source, &tokens[outer], token));
            }
            (Some(Marker::Close), Some(start)) => {
                blocks.push(start..index + 1);
                open = None;
            }
            (Some(Marker::Close), None) => diagnostics.push(unopened(source, token)),
        }
    }
    if let Some(index) = open {
        diagnostics.push(unclosed(source, &tokens[index]));
    }
    (blocks, diagnostics)
}

fn marker(token: &Token, text: &[u8]) -> Option<Marker> {
    if token.kind != TokenKind::Comment {
        return None;
    }
    match token.bytes(text).trim_ascii_end() {
        b"//[RUNTIME]" => Some(Marker::Open),
        b"//[/RUNTIME]" => Some(Marker::Close),
        _ => None,
    }
}

fn nested(source: SourceId, outer: &Token, inner: &Token) -> Diagnostic {
    Diagnostic::error("T-RUNTIME", "a `//[RUNTIME]` block inside another one")
        .label(source, inner.span(), "this block opens")
        .label(source, outer.span(), "while this one is still open")
        .help("close the outer block with `//[/RUNTIME]` first; blocks do not nest")
}

fn unopened(source: SourceId, close: &Token) -> Diagnostic {
    Diagnostic::error("T-RUNTIME", "`//[/RUNTIME]` without a `//[RUNTIME]` before it")
        .label(source, close.span(), "closes nothing")
        .help("remove it, or open the block with `//[RUNTIME]`")
}

fn unclosed(source: SourceId, open: &Token) -> Diagnostic {
    Diagnostic::error("T-RUNTIME", "a `//[RUNTIME]` block that is never closed")
        .label(source, open.span(), "opened here")
        .help("close the block with `//[/RUNTIME]`")
}
