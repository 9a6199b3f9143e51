//! What can be wrong with an archive, and where.
//!
//! The offset counts from the start of the file, stub included, so that it can
//! be looked up in a hex dump.

use std::fmt;
use std::io;

use crate::name::NameError;

/// Why an archive, or an entry of it, cannot be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub struct Error {
    /// Where in the file, in bytes. Zero where no place is to blame.
    pub offset: u64,
    /// What is wrong.
    pub kind: ErrorKind,
}

/// A part of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The script at the start.
    Stub,
    /// The table of contents.
    Manifest,
    /// The bytes of the entries.
    Contents,
    /// The digest at the end.
    Signature,
}

/// A file that is an archive, but not one in the format PHAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherFormat {
    /// A zip file, which PHP opens as a phar or as `PharData`.
    Zip,
    /// The same for tar.
    Tar,
    /// The whole file is compressed with gzip.
    Gzip,
    /// The whole file is compressed with bzip2.
    Bzip2,
}

/// What is wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file could not be read or written.
    Io(io::Error),
    /// There is no `__HALT_COMPILER();` in it.
    NotPhar,
    /// It is an archive of another format.
    OtherFormat(OtherFormat),
    /// The file ends too early.
    Truncated(Part),
    /// The stub ends with a carriage return without a newline.
    StubEnd,
    /// The manifest says that it is longer than PHP would read, or shorter than
    /// it can be.
    ManifestLen(u32),
    /// The version of the format is below 1.0.0.
    Version(u16),
    /// There are no entries; PHP wants one at least.
    NoEntries,
    /// The manifest cannot hold as many entries as it says.
    TooManyEntries(u32),
    /// An entry without a name.
    EmptyName,
    /// The bits for the compression of an entry mean nothing.
    UnknownCompression(u32),
    /// An entry is not compressed, but its two sizes differ.
    SizesDiffer {
        /// How many bytes it has, as the manifest says.
        size: u32,
        /// How many bytes of the archive it takes, as the manifest says.
        stored_len: u32,
    },
    /// The contents of the entries reach over the end of the archive, or into
    /// its signature.
    ContentsTooLong,
    /// The archive says that it is signed, but does not end as one.
    BrokenSignature,
    /// The number of the kind of signature means nothing.
    UnknownSignature(u32),
    /// The compressed bytes of an entry are no such stream.
    BrokenStream(Compressed),
    /// An entry has other than the number of bytes that the manifest says.
    WrongSize {
        /// What the manifest says.
        expected: u32,
        /// Whether there are more.
        is_longer: bool,
    },
    /// The check sum of an entry is another.
    WrongCrc {
        /// What the manifest says.
        expected: u32,
        /// What the bytes have.
        actual: u32,
    },
    /// The text is no public key of RSA in the format PEM.
    PublicKey(String),
    /// An archive cannot be written with this stub: it does not end in
    /// `__HALT_COMPILER();`, or has it twice.
    Stub,
    /// The alias has one of `/`, `\`, `:` and `;`, or a line break.
    Alias,
    /// An archive cannot be written with an entry of this name.
    Name(Vec<u8>, NameError),
    /// The names of entries are not in the order of their bytes.
    NotSorted(Vec<u8>),
    /// Two entries have this name, or it is a file and a folder.
    NameTwice(Vec<u8>),
    /// Something is longer than the format can say.
    TooLarge(Part),
    /// Signatures with a key cannot be written.
    NeedsKey(crate::SignatureKind),
}

/// A kind of compressed stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compressed {
    /// Raw deflate.
    Deflate,
    /// bzip2.
    Bzip2,
}

impl Error {
    pub(crate) fn at(offset: u64, kind: ErrorKind) -> Self {
        Self { offset, kind }
    }

    pub(crate) fn nowhere(kind: ErrorKind) -> Self {
        Self { offset: 0, kind }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::nowhere(ErrorKind::Io(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == 0 {
            self.kind.fmt(f)
        } else {
            write!(f, "{} (at byte {})", self.kind, self.offset)
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stub => "stub",
            Self::Manifest => "manifest",
            Self::Contents => "contents",
            Self::Signature => "signature",
        })
    }
}

impl fmt::Display for OtherFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zip => "it is a zip archive",
            Self::Tar => "it is a tar archive",
            Self::Gzip => "the whole file is compressed with gzip",
            Self::Bzip2 => "the whole file is compressed with bzip2",
        })
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NotPhar => f.write_str("it is no phar: there is no __HALT_COMPILER(); in it"),
            Self::OtherFormat(format) => format.fmt(f),
            Self::Truncated(part) => write!(f, "it ends in the middle of its {part}"),
            Self::StubEnd => f.write_str("its stub ends with a carriage return without a newline"),
            Self::ManifestLen(len) => write!(f, "its manifest cannot have {len} bytes"),
            Self::Version(version) => {
                let [major, minor, patch] = [12, 8, 4].map(|shift| version >> shift & 15);
                write!(f, "its version {major}.{minor}.{patch} is older than PHP reads")
            }
            Self::NoEntries => f.write_str("it has no entries"),
            Self::TooManyEntries(count) => {
                write!(f, "its manifest is too short for {count} entries")
            }
            Self::EmptyName => f.write_str("an entry has no name"),
            Self::UnknownCompression(bits) => {
                write!(f, "an entry has the unknown compression {bits:#x}")
            }
            Self::SizesDiffer { size, stored_len } => write!(
                f,
                "an entry that is not compressed takes {stored_len} bytes for {size} bytes"
            ),
            Self::ContentsTooLong => {
                f.write_str("its entries are longer than the archive: it is cut off or damaged")
            }
            Self::BrokenSignature => {
                f.write_str("it should end with a signature: it is cut off or damaged")
            }
            Self::UnknownSignature(code) => {
                write!(f, "its signature is of the unknown kind {code:#x}")
            }
            Self::BrokenStream(Compressed::Deflate) => {
                f.write_str("its compressed bytes are no deflate stream")
            }
            Self::BrokenStream(Compressed::Bzip2) => {
                f.write_str("its compressed bytes are no bzip2 stream")
            }
            Self::WrongSize { expected, is_longer } => {
                let more = if *is_longer { "more" } else { "fewer" };
                write!(f, "it has {more} than the {expected} bytes that the manifest says")
            }
            Self::WrongCrc { expected, actual } => {
                write!(f, "its CRC is {actual:08x} and not {expected:08x}")
            }
            Self::PublicKey(reason) => {
                write!(f, "it is no public key of RSA in the format PEM: {reason}")
            }
            Self::Stub => f.write_str("the stub must end with __HALT_COMPILER(); and have it once"),
            Self::Alias => f.write_str("an alias has no `/`, `\\`, `:`, `;` and no line break"),
            Self::Name(name, error) => {
                write!(f, "the name `{}` {error}", String::from_utf8_lossy(name))
            }
            Self::NotSorted(name) => {
                write!(f, "`{}` is out of order", String::from_utf8_lossy(name))
            }
            Self::NameTwice(name) => {
                write!(f, "there are two entries for `{}`", String::from_utf8_lossy(name))
            }
            Self::TooLarge(part) => write!(f, "its {part} would be too long for the format"),
            Self::NeedsKey(kind) => write!(f, "{} needs a private key", kind.as_str()),
        }
    }
}
