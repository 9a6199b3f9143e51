//! PHP's constant code to values, without PHP.
//!
//! Configuration files, lists of files, language packs: PHP that computes an
//! array and asks nobody. An [`Evaluator`] runs it as the PHP of a [`Target`]
//! would, and [`export`] prints what comes out as that PHP's `var_export()`
//! does. What depends on the clock, a request or an unknown function is refused
//! with its place, and never guessed.
//!
//! Nothing here touches a disk: files come through [`Sources`].
//!
//! ```
//! use std::path::{Path, PathBuf};
//! use tilde_eval::{Arena, Evaluator, Sources, Target, Version, export};
//!
//! struct Nothing;
//!
//! impl Sources for Nothing {
//!     fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
//!         Err(std::io::Error::from(std::io::ErrorKind::NotFound))
//!     }
//!     fn is_file(&self, _: &Path) -> bool {
//!         false
//!     }
//!     fn is_dir(&self, _: &Path) -> bool {
//!         false
//!     }
//!     fn realpath(&self, _: &Path) -> Option<PathBuf> {
//!         None
//!     }
//! }
//!
//! let (arena, target) = (Arena::new(), Target::new(Version::V7_4));
//! let mut evaluator = Evaluator::new(&arena, &Nothing, &target);
//! let source = b"<?php return ['port' => 3000 + 306];";
//! let value = evaluator.run(Path::new("/config.php"), source).unwrap();
//! let text = export::var_export(&value, &target).unwrap();
//! assert_eq!(text, b"array (\n  'port' => 3306,\n)");
//!
//! let error = evaluator.run(Path::new("/config.php"), b"<?php return time();").unwrap_err();
//! assert!(error.to_string().starts_with("/config.php:1: what time() gives is known only when"));
//! ```

// ThinkPHP is a name and no code.
#![allow(clippy::doc_markdown)]
// Floats are compared as PHP does, exactly.
#![allow(clippy::float_cmp)]
// Wrapping casts are what PHP's integers do.
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss)]
// What to do otherwise is as long as what to do.
#![allow(clippy::single_match_else)]
// Tables of names keep PHP's order, and all functions of PHP have one type.
#![allow(clippy::match_same_arms, clippy::unnecessary_wraps)]
// `Outcome` says that errors are boxed.
#![allow(clippy::unnecessary_box_returns)]

mod array;
mod autoload;
mod builtin;
mod class;
mod constant;
mod convert;
mod endless;
mod error;
mod evaluator;
pub mod export;
mod expression;
mod frame;
mod function;
mod host;
mod instance;
mod literal;
mod names;
mod number;
mod operator;
mod outside;
mod paths;
mod pattern;
mod place;
mod rebind;
mod serialize;
mod source;
mod statement;
mod superglobal;
mod target;
mod value;
mod weight;

pub use array::{Array, Key};
pub use error::{Error, ErrorKind, Limit, Step, Unknown};
pub use evaluator::{Declares, Evaluator};
pub use host::{Call, Host};
pub use serialize::{serialize, unserialize};
pub use source::Location;
pub use target::{Limits, Sources, System, Target, normal};
pub use tilde_syntax::{Arena, IntSize, Options, Version};
pub use value::{Bytes, Closure, Instance, Object, Reference, Value};
