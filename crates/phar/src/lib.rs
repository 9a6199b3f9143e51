//! PHAR archives: reading, writing, verifying.
//!
//! The format is a PHP script (the stub), a table of contents (the manifest),
//! the contents of all entries one after the other, and a signature over all of
//! that. Nothing here touches a disk: whatever can be read, written and sought
//! is an archive, and its contents pass through in pieces, so that an archive
//! of a gigabyte takes as little memory as a small one.
//!
//! A signature that is right says nothing of the entries: PHP does not compare
//! the check sum of an entry that is stored in a signed archive, so an archive
//! can be signed and damaged. [`Archive::verify`] compares all of them.
//!
//! ```
//! use std::io::Cursor;
//! use tilde_phar::{Archive, Compression, Member, Settings, Writer, pack, stub};
//!
//! let settings = Settings::new(stub::running(b"main.php", b"")).with_time(1_700_000_000);
//! let mut writer =
//!     Writer::new(Cursor::new(Vec::new()), settings, vec![Member::file("main.php")])?;
//! writer.add(pack(b"<?php echo 1;".to_vec(), Compression::Gzip)?)?;
//! let mut file = writer.finish()?;
//!
//! let archive = Archive::read(&mut file)?;
//! let entry = archive.entries().next().expect("one was added");
//! assert_eq!(entry.name, b"main.php");
//! assert_eq!(entry.read(&mut file)?, b"<?php echo 1;");
//! assert!(archive.verify(&mut file, None)?.is_good());
//! # Ok::<(), tilde_phar::Error>(())
//! ```

mod archive;
mod contents;
mod error;
mod format;
mod manifest;
pub mod name;
mod signature;
pub mod stub;
mod verify;
mod writer;

pub use archive::Archive;
pub use error::{Error, ErrorKind, OtherFormat, Part};
pub use format::{Compression, SignatureKind, is_archive};
pub use manifest::Entry;
pub use signature::{Digest, PublicKey, Signature};
pub use verify::{Report, SignatureCheck};
pub use writer::{Member, Packed, Settings, Writer, pack};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
