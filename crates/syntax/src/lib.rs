//! PHP source to a syntax tree, accepting exactly what PHP accepts.
//!
//! [`parse`] reads a source as a chosen [`Version`] of PHP does, 5.2 to 8.5: the
//! same programs, the same precedence, the same line for the first mistake. The
//! [`Tree`] lies in an [`Arena`] that the caller owns, and borrows from it; all
//! of it goes when the arena does. PHP's *compiler* refuses much that its *grammar*
//! allows (`1 = 2` is not among it, `f() = 2` is). [`parse`] does as the grammar does, and
//! [`refused`] says what the compiler would.
//!
//! ```
//! use tilde_syntax::ast::Statement;
//! use tilde_syntax::{Arena, Options, Version, parse};
//!
//! let arena = Arena::new();
//! let tree = parse(b"<?php echo 1 + 2;", Options::new(Version::V8_2), &arena).unwrap();
//! assert!(matches!(tree.program().statements, [Statement::Echo(echo)] if echo.values.len() == 1));
//!
//! let error = parse(b"<?php\nenum A {}", Options::new(Version::V8_0), &arena).unwrap_err();
//! assert_eq!(error.line, 2);
//! assert_eq!(error.cause.unwrap().to_string(), "this needs PHP 8.1");
//! ```

mod array;
pub mod ast;
mod chain;
mod class;
mod compiler;
mod control;
mod declaration;
mod error;
mod explain;
mod expression;
mod legacy;
mod node;
mod operator;
mod parser;
mod scope;
mod span;
mod statement;
mod string;
mod token_list;
mod tokens;
mod tree;
mod types;
mod visit;

pub use ast::Node;
pub use bumpalo::Bump as Arena;
pub use compiler::{Refused, is_builtin_type, refused};
pub use error::{Cause, CauseKind, ErrorKind, Expected, LexicalError, Refusal, SyntaxError};
pub use parser::{MAX_CHAIN, MAX_DEPTH, MAX_NAMES};
pub use scope::{NameKind, Resolved, Scope, is_superglobal};
pub use span::{Position, Span};
pub use tilde_lexer::{IntSize, Options, TokenKind, Version};
pub use token_list::{Token, Tokens};
pub use tree::{Tree, parse};
pub use visit::{Flow, Visitor, walk};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
