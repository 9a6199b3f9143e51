//! What of a PHP application outlives a request in a resident worker.
//!
//! A worker loads an application once and answers many requests. [`scan`] says of one file
//! which state it declares and writes, by its exact tree and by what its names mean; [`link`]
//! puts the facts of all files together: whose property a write is of, through inheritance and
//! traits. Each [`Fact`] has a [`Rank`] with its reason. It is an inventory and no proof: what
//! shows only when code runs (`$class::$x`, `$$name`) is listed as such.
//!
//! ```
//! use tilde_resident::{Kind, Rank, link, scan};
//! use tilde_syntax::Options;
//!
//! let source = b"<?php class Log { private static $lines = [];
//!     public static function add($line) { self::$lines[] = $line; } }";
//! let facts = link(&[scan(source, Options::default()).unwrap()]);
//! assert_eq!((facts[0].kind, facts[0].rank), (Kind::Property, Rank::Grows));
//! assert_eq!(facts[0].name, b"Log::$lines");
//! assert_eq!(facts[0].writes[0].by, b"Log::add()");
//! ```

mod classes;
mod facts;
mod functions;
mod inventory;
mod link;
mod place;
mod rank;
mod scan;
mod snapshot;
mod words;

pub use facts::FileFacts;
pub use inventory::{
    Declared, Fact, Guard, How, Key, Kind, Property, Rank, Site, Value, Visibility, WriteSite,
};
pub use link::link;
pub use scan::scan;
pub use snapshot::{line, lines};
