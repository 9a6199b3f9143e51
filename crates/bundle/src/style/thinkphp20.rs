//! The style `thinkphp-2.0`: what `strip_whitespace()` of ThinkPHP 2.0 and 2.1
//! returns.
//!
//! It knows nothing of heredocs: the line break after the end of one becomes a
//! blank, which PHP refuses up to 7.2.

use tilde_lexer::{Lexer, Options};

use crate::style::copy::Copy;

/// `strip_whitespace()` of ThinkPHP 2.0 and 2.1.
pub(super) fn strip(source: &[u8], options: Options, out: &mut Vec<u8>) {
    let mut copy = Copy::new(source, out);
    for token in Lexer::new(source, options) {
        copy.token(token.kind, token.len);
    }
    copy.finish();
}
