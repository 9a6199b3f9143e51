//! PHP source bytes to the tokens that PHP itself would make of them.
//!
//! [`Lexer`] follows PHP's scanner of a chosen [`Version`], 5.2 to 8.5, byte by
//! byte: same kinds, same lengths. It is total and lossless: any input lexes,
//! and the tokens' lengths add up to the input's. What a newcomer would get
//! wrong: source is bytes, never text. Old applications mix UTF-8 and GBK.

mod kind;
mod version;

pub use kind::TokenKind;
pub use version::{UnknownVersion, Version};
