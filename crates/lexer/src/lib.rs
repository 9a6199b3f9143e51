//! PHP source bytes to the tokens that PHP itself would make of them.
//!
//! [`Lexer`] follows PHP's scanner of a chosen [`Version`], 5.2 to 8.5, byte by
//! byte: same kinds, same lengths; [`lines`] adds the same line numbers. It is
//! total and lossless: any input lexes, and the tokens' lengths add up to the
//! input's. Source is bytes, never text: old applications mix UTF-8 and GBK.
//!
//! ```
//! use tilde_lexer::{Options, TokenKind, Version, tokens};
//!
//! let kinds: Vec<TokenKind> =
//!     tokens(b"<?php echo 1;", Options::new(Version::V8_2)).map(|(token, _)| token.kind).collect();
//! assert_eq!(kinds[1], TokenKind::Echo);
//! ```

mod bytes;
mod chunk;
mod gap;
mod heredoc;
mod html;
mod interpolation;
mod keyword;
mod kind;
mod lexer;
mod line;
mod number;
mod options;
mod scripting;
mod version;

pub use kind::TokenKind;
pub use lexer::{Lexer, Token, tokens};
pub use line::lines;
pub use options::{IntSize, Options};
pub use version::{UnknownVersion, Version};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
