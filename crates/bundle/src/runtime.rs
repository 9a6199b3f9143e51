//! `//[RUNTIME]` … `//[/RUNTIME]`: code that must not reach a bundle.
//!
//! ThinkPHP marks so what only the unbundled application runs, such as the
//! loader of the files that the bundle already holds. Only comment tokens
//! count: ThinkPHP itself searches the raw bytes, so that a marker in a string
//! cut the string in two.

use memchr::memmem;
use tilde_lexer::{Options, TokenKind};
use tilde_syntax::{Span, Token, Tokens};

use crate::diagnostic::Diagnostic;
use crate::module::range;
use crate::source::SourceId;

/// So many mistakes of a file are reported; it is not read on for more.
const MAX_MISTAKES: usize = 10_000;

enum Marker {
    Open,
    Close,
}

/// The blocks of a source in bytes, markers included, in order. Markers that do
/// not pair are reported and belong to no block.
pub(crate) fn blocks(
    source: SourceId,
    text: &[u8],
    options: Options,
) -> (Vec<Span>, Vec<Diagnostic>) {
    let is_marked = [OPEN, CLOSE].iter().any(|marker| memmem::find(text, marker).is_some());
    if !is_marked {
        return (Vec::new(), Vec::new());
    }
    let mut blocks = Vec::new();
    let mut diagnostics = Vec::new();
    let mut open: Vec<Token> = Vec::new();
    let mut has_nested = false;
    for token in Tokens::lex(text, options).iter() {
        if diagnostics.len() == MAX_MISTAKES {
            break;
        }
        match marker(token, text) {
            None => {}
            Some(Marker::Open) => {
                if let Some(&outer) = open.last() {
                    has_nested = true;
                    diagnostics.push(nested(source, outer, token));
                }
                open.push(token);
            }
            // The end of a nested block pairs with it: one mistake is one
            // message.
            Some(Marker::Close) => match open.pop() {
                Some(start) if open.is_empty() => {
                    blocks.push(Span { start: start.span.start, end: token.span.end });
                }
                Some(_) => {}
                None => diagnostics.push(unopened(source, token)),
            },
        }
    }
    // A nested block is the likelier mistake where both fit.
    if let Some(&first) = open.first()
        && !has_nested
    {
        diagnostics.push(unclosed(source, first));
    }
    (blocks, diagnostics)
}

const OPEN: &[u8] = b"//[RUNTIME]";
const CLOSE: &[u8] = b"//[/RUNTIME]";

/// The source with blanks for its blocks. Line breaks stay, and so does every
/// place.
pub(crate) fn blanked(text: &[u8], blocks: &[Span]) -> Vec<u8> {
    let mut program = text.to_vec();
    for block in blocks {
        let bytes = &mut program[range(*block)];
        bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|it| *it = b' ');
    }
    program
}

fn marker(token: Token, text: &[u8]) -> Option<Marker> {
    if token.kind != TokenKind::Comment {
        return None;
    }
    match token.span.of(text).trim_ascii_end() {
        OPEN => Some(Marker::Open),
        CLOSE => Some(Marker::Close),
        _ => None,
    }
}

fn nested(source: SourceId, outer: Token, inner: Token) -> Diagnostic {
    Diagnostic::error("T-RUNTIME", "a `//[RUNTIME]` block inside another one")
        .label(source, range(inner.span), "this block opens")
        .label(source, range(outer.span), "while this one is still open")
        .help("close the outer block with `//[/RUNTIME]` first; blocks do not nest")
}

fn unopened(source: SourceId, close: Token) -> Diagnostic {
    Diagnostic::error("T-RUNTIME", "`//[/RUNTIME]` without a `//[RUNTIME]` before it")
        .label(source, range(close.span), "closes nothing")
        .help("remove it, or open the block with `//[RUNTIME]`")
}

fn unclosed(source: SourceId, open: Token) -> Diagnostic {
    Diagnostic::error("T-RUNTIME", "a `//[RUNTIME]` block that is never closed")
        .label(source, range(open.span), "opened here")
        .help("close the block with `//[/RUNTIME]`")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of the blocks, and how many findings there are.
    fn ranges(text: &[u8]) -> (Vec<(u32, u32)>, usize) {
        let (blocks, diagnostics) = blocks(SourceId(0), text, Options::default());
        let ends = blocks.iter().map(|block| (block.start, block.end)).collect();
        (ends, diagnostics.len())
    }

    #[test]
    fn a_block_holds_its_markers() {
        assert_eq!(ranges(b"<?php\n//[RUNTIME]\na;//[/RUNTIME] \nb;"), (vec![(6, 33)], 0));
    }

    #[test]
    fn only_comments_of_just_the_marker_count() {
        assert_eq!(
            ranges(b"<?php '//[RUNTIME]'; #[RUNTIME]\n// [RUNTIME]\n//[RUNTIME]x"),
            (vec![], 0)
        );
        assert_eq!(ranges(b"//[RUNTIME] <?php"), (vec![], 0));
    }

    #[test]
    fn every_mistake_is_reported_once() {
        let count = |text: &[u8]| {
            let (blocks, count) = ranges(text);
            assert_eq!(blocks, []);
            count
        };
        assert_eq!(count(b"<?php\n//[RUNTIME]\n"), 1);
        assert_eq!(count(b"<?php\n//[/RUNTIME]\n//[RUNTIME]\n"), 2);
        assert_eq!(count(b"<?php\n//[/RUNTIME]\n//[RUNTIME]\n//[RUNTIME]\n"), 2);
    }

    #[test]
    fn only_so_many_mistakes_are_reported() {
        let ends = [b"<?php\n".to_vec(), b"//[/RUNTIME]\n".repeat(MAX_MISTAKES + 5)].concat();
        assert_eq!(ranges(&ends), (vec![], MAX_MISTAKES));
    }

    #[test]
    fn a_nested_block_is_one_mistake() {
        let text = b"<?php\n//[RUNTIME]\n//[RUNTIME]\n//[/RUNTIME]\n//[/RUNTIME]\n";
        assert_eq!(ranges(text).1, 1);
    }
}
