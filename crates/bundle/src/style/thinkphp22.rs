//! The style `thinkphp-2.2`: what `strip_whitespace()` of ThinkPHP 2.2 to 3.2
//! returns.
//!
//! Every heredoc is renamed to THINK, nowdocs too, and what stands between its
//! end and the next `;` is lost.

use tilde_lexer::{Lexer, Options, TokenKind};

use crate::style::copy::{Copy, Mark};

/// Every heredoc is renamed, and what stands between its label and
/// the next `;` is lost.
pub(super) fn strip(source: &[u8], options: Options, out: &mut Vec<u8>) {
    let mut copy = Copy::new(source, out);
    // Where the loss begins, if there is a `;` before the code ends.
    let mut label: Option<Mark> = None;
    for token in Lexer::new(source, options) {
        match token.kind {
            TokenKind::StartHeredoc => copy.replace(token.len, b"<<<THINK\n"),
            TokenKind::EndHeredoc => {
                copy.replace(token.len, b"THINK;\n");
                label = label.or_else(|| Some(copy.mark()));
            }
            TokenKind::Semicolon if label.is_some() => {
                copy.take(token.len);
                if let Some(label) = label.take() {
                    copy.forget_since(label);
                }
            }
            kind => {
                if kind == TokenKind::CloseTag {
                    label = None;
                }
                copy.token(kind, token.len);
            }
        }
    }
    copy.finish();
}
